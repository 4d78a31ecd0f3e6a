#!/bin/sh
# The step of a drill that looks at what was restored: as far as the archive goes, every row readable, the owner's statements true.
set -eu
. "${SCRIPTS:-/scripts}/say.sh"

most=$(noted archive-max)
absent=$(noted absent)

# The first segment that the archive should have and has not. History files and other timelines are asked for as a matter of course.
gap=''
for segment in $absent; do
    case $segment in *.*) continue ;; esac
    if [ "$(printf '%s' "$segment" | cut -c 1-8)" = "$(printf '%s' "$most" | cut -c 1-8)" ] &&
        [ "$(printf '%s\n%s\n' "$segment" "$most" | sort | head -n 1)" = "$segment" ]; then
        gap=$segment
        break
    fi
done
missing="The segment $gap of WAL is not in the archive, which goes to $most: what was written after it cannot be brought back. Fix: make a full backup now, from which on the archive is whole; find out who deletes at $REPOSITORY."

if [ -e "$DRILL_NOTES/server-ended" ]; then
    unreadable=$(noted unreadable)
    [ -z "$unreadable" ] || fail wal "A segment of WAL cannot be read: $unreadable. Fix: make a full backup now, from which on the archive is whole."
    [ -z "$gap" ] || fail wal "$missing"
    fail server "The restored server does not start: $(grep -E 'FATAL|PANIC|ERROR' "$DRILL_NOTES/server-log" | tail -n 2 | sed 's/^[^A-Z]*[A-Z]* *\[[0-9]*\] *//' | plain). Fix: read the log of the container server."
fi
[ -z "$gap" ] || fail wal "$missing"
[ -z "$most" ] || check wal true "read to the end, $most"

query() { psql -XqAt -v ON_ERROR_STOP=1 "$@" 2> "$DRILL_NOTES/errors"; }

as_of=$(query -c "SELECT to_char(pg_last_xact_replay_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')") || as_of=''
[ -z "$as_of" ] || note as-of "$as_of"

# Counted, so that each row of each table is read.
counts=$(
    query <<'SQL'
SELECT format('SELECT %L, count(*) FROM ONLY %I.%I', format('%I.%I', n.nspname, c.relname), n.nspname, c.relname)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'm') AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
ORDER BY n.nspname, c.relname
\gexec
SQL
) || fail rows "A table cannot be read: $(plain < "$DRILL_NOTES/errors"). Fix: check the database itself with pg_amcheck, and restore an earlier backup."
tables=$(printf '%s' "$counts" | grep -c . || true)
rows=0
for count in $(printf '%s\n' "$counts" | sed 's/.*|//'); do rows=$((rows + count)); done
[ "$rows" -gt 0 ] || fail rows "The restored database $PGDATABASE has no row in $tables tables. Fix: see whether the database that is backed up is the one that the apps use."

# Of a dump the numbers of its time are known.
if [ -e "$DRILL_NOTES/expected-counts" ]; then
    printf '%s\n' "$counts" | sort > "$DRILL_NOTES/counts"
    different=$(sort "$DRILL_NOTES/expected-counts" | comm -23 - "$DRILL_NOTES/counts" | head -n 3 | paste -s -d ' ' -)
    [ -z "$different" ] || fail rows "Tables have other rows than when the dump was made: then $different. Fix: make a dump now, and restore none of that one."
fi
check rows true "$rows in $tables tables"

for file in "${STATEMENTS:-/statements}"/*.sql; do
    [ -e "$file" ] || continue
    statement=$(plain 120 < "$file")
    answer=$(PGOPTIONS='-c default_transaction_read_only=on' query -f "$file" | head -n 1) ||
        fail "sql $statement" "Your statement fails: $statement: $(sed 's/^psql:[^ ]* //' "$DRILL_NOTES/errors" | plain). Fix: change drill.sql, or what it looks at."
    [ ! -s "$DRILL_NOTES/errors" ] || fail "sql $statement" "Your statement fails: $statement: $(sed 's/^psql:[^ ]* //' "$DRILL_NOTES/errors" | plain). Fix: change drill.sql, or what it looks at."
    [ "$answer" = t ] || fail "sql $statement" "Your statement is not true of the restored data: $statement: it answers $(printf '%s' "${answer:-nothing}" | plain 60)."
    check "sql $statement" true true
done
note rows "$rows"
note tables "$tables"

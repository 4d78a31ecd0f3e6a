#!/bin/bash
# Puts the dump of WORK into the database: into an empty one, or, where CONFIRM is the database's name, in the place of what is there. All
# of it is one transaction: it is there with as many rows in each table as the dump had, or nothing has changed.
set -euo pipefail
scripts=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
KIND=restore
. "$scripts/operation.sh"
. "$scripts/postgresql.sh"

name=$(cat "$WORK/name")
once_server_answers

export PGOPTIONS="-c search_path=pg_catalog,pg_temp -c statement_timeout=0 -c idle_in_transaction_session_timeout=0"
present=$(ask --file="$scripts/present.sql" 2> "$WORK/said") || fail "The database $PGDATABASE could not be read: $(last_words "$WORK/said")"
if [[ -n $present && ${CONFIRM:-} != "$PGDATABASE" ]]; then
    count=$(wc -l <<< "$present")
    some=$(head -n 12 <<< "$present" | paste --serial --delimiters=, | sed 's/,/, /g')
    fail "The database $PGDATABASE is not empty: $count tables ($some$( ((count <= 12)) || echo ', ...')). Allowed: an empty one, or CONFIRM=$PGDATABASE, which puts the dump in their place."
fi

server=$(ask --command="SHOW server_version_num")
# Not what a database has by itself, and what only a superuser may make or comment on.
pg_restore --list "$WORK/dump" > "$WORK/contents" 2> "$WORK/said" || fail "The dump $name cannot be read: $(last_words "$WORK/said")"
grep --invert-match --extended-regexp '^[0-9]+; [0-9]+ [0-9]+ (COMMENT - (EXTENSION|SCHEMA public )|EXTENSION - plpgsql |SCHEMA - public |PUBLICATION |SUBSCRIPTION )' "$WORK/contents" > "$WORK/list"
grep --invert-match --extended-regexp '^[0-9]+; [0-9]+ [0-9]+ BLOBS ' "$WORK/list" > "$WORK/without-objects"
grep --extended-regexp '^[0-9]+; [0-9]+ [0-9]+ BLOBS ' "$WORK/list" > "$WORK/objects" || true

as_sql() {
    pg_restore --no-owner --no-privileges --no-publications --no-subscriptions --verbose --use-list="$1" --file=- "$WORK/dump"
}
# A pg_restore that is newer than the server sets what that does not know; below the head a line may be somebody's data.
known_settings() {
    if (( server < 170000 )); then
        sed '1,60{/^SET transaction_timeout = 0;$/d}'
    else
        cat
    fi
}
# Large objects come in transactions of their own, which would end ours. Among their statements no other line is one of these.
within_transaction() {
    sed '/^BEGIN;$/d; /^COMMIT;$/d'
}

# What ends early must not be committed: only after the last part does it say COMMIT.
broken="DO \$\$ BEGIN RAISE EXCEPTION 'the dump could not be read to its end'; END \$\$;"
statements() {
    echo "\\set manifest '$(base64 --wrap=0 "$WORK/manifest.json")'"
    echo "BEGIN;"
    echo "SET LOCAL lock_timeout = '5min';"
    if [[ -n $present ]]; then
        cat "$scripts/remove.sql"
    fi
    as_sql "$WORK/without-objects" 2> >(progress) | known_settings || echo "$broken"
    if [[ -s $WORK/objects ]]; then
        as_sql "$WORK/objects" 2> /dev/null | known_settings | within_transaction || echo "$broken"
    fi
    cat "$scripts/compare.sql"
    echo "COMMIT;"
}
progress() {
    sed -n 's/^pg_restore: \(creating\|processing data for\|executing\) /\1 /p' | grep --line-buffered --extended-regexp '^(processing data|creating (INDEX|CONSTRAINT|FK CONSTRAINT))' >&2 || true
}

say "Restoring the dump $name into $PGDATABASE"
if ! statements | psql --no-psqlrc --quiet --output=/dev/null --set=ON_ERROR_STOP=1 2> "$WORK/said"; then
    fail "The dump $name was not restored, and $PGDATABASE is as it was: $(grep --extended-regexp 'ERROR|FATAL|error:' "$WORK/said" | head -n 2 | tr '\n' ' ')"
fi
# Without statistics the first queries read whole tables.
ask --command="ANALYZE" 2> "$WORK/said" || say "ANALYZE: $(last_words "$WORK/said")"

taken=$(sed -n 's/^  "taken": "\([^"]*\)",$/\1/p' "$WORK/manifest.json")
bytes=$(sed -n 's/^  "bytes": \([0-9]*\),$/\1/p' "$WORK/manifest.json")
tables=$(grep --count '"table"' "$WORK/manifest.json" || true)
told restore succeeded "The dump $name is in $PGDATABASE: $tables tables with as many rows as it had.$([[ -z $present ]] || echo ' What was there before is gone.')" ",\"dataAsOf\":\"$taken\",\"bytes\":$bytes"

#!/bin/bash
# The second half of an upgrade, by the new version's image: a cluster of its own on the same volume, made of the dump and compared with it.
# Until its directory has its name, there is none.
source "${0%/*}/server.sh"

new=$VOLUME/$BASE-$TO
work=$new.upgrade
partial=$new.partial

if [[ $(version_of "$VOLUME/$BASE") == "$TO" || -n $(version_of "$new") || ! -e $work/complete ]]; then
  rm -rf "$work" "$partial"
  exit 0
fi

rm -rf "$partial"
POSTGRES_INITDB_ARGS=$(cat "$work/initdb")
export POSTGRES_INITDB_ARGS
say "Making a cluster of PostgreSQL $TO: $POSTGRES_INITDB_ARGS"
# It is thrown away if anything stops it, so it need not survive that; at the end all of it is written out.
start_server "$partial" -c fsync=off -c full_page_writes=off -c wal_level=minimal -c max_wal_senders=0 -c max_wal_size=4GB
# The owner is there already, by the entrypoint; its password is the old server's.
grep --invert-match --line-regexp --fixed-strings --regexp="CREATE ROLE $POSTGRES_USER;" --regexp="CREATE ROLE \"$POSTGRES_USER\";" \
  "$work/globals.sql" > "$work/roles.sql" || true
sql postgres --file="$work/roles.sql" > /dev/null
number=0 tables=0
while IFS= read -r database; do
  number=$((number + 1))
  say "Restoring database $database."
  # One that the server has from its birth is filled; any other takes the place of the one that the entrypoint has made.
  if [[ $database == postgres ]]; then
    arguments=()
  else
    arguments=(--create --clean --if-exists)
  fi
  run pg_restore --dbname=postgres --jobs="${JOBS:-2}" --exit-on-error "${arguments[@]}" "$work/$number"
  counts "$database" > "$work/$number.restored"
  if ! diff "$work/$number.counts" "$work/$number.restored" > "$work/$number.difference"; then
    head -n 20 "$work/$number.difference" >&2
    stop_server
    fail "After the upgrade database $database is not what it was; the differences are above: < before, > after. The old data is untouched. Fix: set database.version back to \"$FROM\" and take database.upgradeFrom out."
  fi
  tables=$((tables + $(grep --count '^table ' "$work/$number.counts" || true)))
done < "$work/databases"
say "Collecting the planner's statistics."
run vacuumdb --all --analyze-only --jobs="${JOBS:-2}" --quiet
stop_server
say "Writing it out."
initdb --sync-only --pgdata="$partial" > /dev/null
cp "$work/from" "$new.from.partial"
mv "$new.from.partial" "$new.from"
mv "$partial" "$new"
sync
printf '{"kind":"upgrade","started":"%s","ended":"%s","result":"done","what":{"from":"%s","to":"%s","databases":%d,"tables":%d}}\n' \
  "$(cat "$work/started")" "$(date -u +%FT%TZ)" "$FROM" "$TO" "$number" "$tables" | tee "${MESSAGE:-/dev/termination-log}"
rm -rf "$work"

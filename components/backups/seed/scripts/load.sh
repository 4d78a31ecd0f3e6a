#!/bin/bash
# Puts the dump into a server of the pod's own, which nobody else reaches and which is gone with the pod.
set -euo pipefail
scripts=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$scripts/steps.sh"
KIND=seed
. "$scripts/operation.sh"
: "${DRILL_NOTES:=/notes}"

if [[ -e $DRILL_NOTES/server-ended ]]; then
    fail "The server that masks does not start: $(grep --extended-regexp 'FATAL|PANIC|ERROR|error:' "$DRILL_NOTES/server-log" | tail -n 2 | tr '\n' ' '). Fix: read the log of the container server."
fi
# When its rows were so: what is served is as old.
sed -n 's/^  "taken": "\([^"]*\)",$/\1/p' "$WORK/manifest.json" > "$DRILL_NOTES/as-of"
# A new server has the database postgres.
if [[ $PGDATABASE != postgres ]]; then
    createdb "$PGDATABASE" 2> "$tmp/said" || fail "The database $PGDATABASE could not be made: $(last_words "$tmp/said")"
fi
# Its log is the container's: of statements that fail, the app's too, it would show values of rows.
psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --command="ALTER SYSTEM SET log_min_messages = fatal" --command="ALTER SYSTEM SET log_min_error_statement = panic" \
    --command="SELECT pg_reload_conf()" --output=/dev/null 2> "$tmp/said" || fail "The server that masks could not be told to be silent: $(last_words "$tmp/said")"
# That server asks for no password; what restores reads one.
export SECRETS="$tmp/login"
mkdir -p "$SECRETS"
echo none > "$SECRETS/database-password"
step restore.sh
# The rows that nobody may see are on this volume no longer than they have to be.
rm -rf "${WORK:?}"

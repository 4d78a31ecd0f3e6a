#!/bin/bash
# The step of a drill that puts the dump into the new server (restore.sh of the dumps, which counts the rows of each table too).
set -eu
. "${SCRIPTS:-/scripts}/say.sh"
if [ -e "$DRILL_NOTES/server-ended" ]; then
    fail server "A new server does not start: $(grep -E 'FATAL|PANIC|ERROR|error:' "$DRILL_NOTES/server-log" | tail -n 2 | plain). Fix: read the log of the container server."
fi
# A new server has the database postgres.
[ "$PGDATABASE" = postgres ] || createdb "$PGDATABASE" 2> "$DRILL_NOTES/errors" || fail server "The database $PGDATABASE could not be made: $(plain < "$DRILL_NOTES/errors")"
KIND=drill bash "${DUMP_SCRIPTS:-${SCRIPTS:-/scripts}}/restore.sh" || exit 1
check files true "as many rows in each table as the dump had"

#!/bin/bash
# Writes a dump of the database into WORK, and a manifest that says what is in it: of one and the same moment. Verified here, where it
# costs no transfer: pg_restore reads it to its end.
set -euo pipefail
scripts=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
KIND=dump
. "$scripts/operation.sh"
. "$scripts/postgresql.sh"

rm -rf "${WORK:?}"/*
once_server_answers

# In one transaction: pg_dump and the counts see the same rows. psql starts pg_dump, for only while it waits does the snapshot hold.
export WORK scripts
read=yes
ask --file="$scripts/dump.sql" 2> "$WORK/said" || read=no
# Where pg_dump has failed, it was the first to, and says more.
if [[ -e $WORK/said-dump && ! -e $WORK/dumped ]]; then
    free=$(df --output=avail -k "$WORK" | tail -n 1)
    if (( free < 1024 )); then
        fail "The dump of $PGDATABASE ($(ask --command="SELECT pg_size_pretty(pg_database_size(current_database()))") in the database) does not fit on the dump's volume. Fix: raise backups.dumpStorage."
    fi
    if grep --quiet "server version mismatch" "$WORK/said-dump"; then
        fail "pg_dump is older than the server: $(last_words "$WORK/said-dump"). Fix: name an image of the server's major version as backups.clientImage."
    fi
    fail "pg_dump of $PGDATABASE ended: $(last_words "$WORK/said-dump")"
fi
if [[ $read = no ]]; then
    fail "The database $PGDATABASE could not be read: $(last_words "$WORK/said")"
fi

# Each part is unpacked; a damaged or truncated archive ends here and not on the day when it is needed.
if ! pg_restore --file=/dev/null "$WORK/dump" 2> "$WORK/said"; then
    fail "The dump of $PGDATABASE cannot be read again: $(last_words "$WORK/said")"
fi

bytes=$(stat --format=%s "$WORK/dump")
sum=$(sha256sum < "$WORK/dump" | cut --delimiter=' ' --fields=1)
taken=$(cat "$WORK/taken")
name=$(date --utc --date="$taken" +%Y%m%dT%H%M%SZ)
# Each key on a line of its own: where it is read there is no reader of JSON.
{
    echo '{'
    echo '  "format": 1,'
    echo "  \"name\": \"$name\","
    echo "  \"taken\": \"$taken\","
    echo "  \"reason\": \"${REASON:-schedule}\","
    echo "  \"bytes\": $bytes,"
    echo "  \"sha256\": \"$sum\","
    echo "  \"pgDump\": \"$(pg_dump --version | grep --only-matching --extended-regexp '[0-9]+\.[0-9]+' | head -n 1)\","
    echo "  \"server\": $(cat "$WORK/server"),"
    echo "  \"tables\": ["
    sed '$!s/$/,/; s/^/    /' "$WORK/tables"
    echo '  ]'
    echo '}'
} > "$WORK/manifest.json"
echo "$name" > "$WORK/name"
rm -f "$WORK"/{said,said-dump,dumped,taken,server,tables}
say "Dumped $PGDATABASE: $bytes bytes, $(grep --count '"table"' "$WORK/manifest.json" || true) tables, as of $taken"

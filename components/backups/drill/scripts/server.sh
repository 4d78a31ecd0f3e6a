#!/bin/sh
# The restored server, for the other steps alone: on the pod's own loopback, archiving nothing, starting nothing of what it would do
# where it lives. When it cannot start it notes why and waits: the next step says it.
set -u
. "${SCRIPTS:-/scripts}/say.sh"
log=$DRILL_NOTES/server-log
serving=''
showing=''
stop() {
    # Nobody needs its files again.
    [ -z "$serving" ] || kill -QUIT "$serving" 2> /dev/null
    [ -z "$showing" ] || kill "$showing" 2> /dev/null
    exit 0
}
trap stop TERM INT

serve() {
    postgres -D "$PGDATA" \
        -c "listen_addresses=127.0.0.1" -c "port=${PGPORT:-5432}" -c "unix_socket_directories=" -c "hba_file=${SCRIPTS:-/scripts}/hba.conf" \
        -c archive_mode=off -c hot_standby=off -c fsync=off -c ssl=off -c huge_pages=off -c logging_collector=off -c log_destination=stderr \
        -c lc_messages=C -c "max_connections=${MAX_CONNECTIONS:-100}" -c max_logical_replication_workers=0 -c cron.launch_active_jobs=off \
        2> "$log" &
    serving=$!
    tail -f -n +1 "$log" >&2 &
    showing=$!
    wait "$serving"
    note server-ended "$?"
    serving=''
}

# Of a dump: a new one, for what is in it.
if [ -e "$PGDATA/PG_VERSION" ] ||
    initdb --pgdata="$PGDATA" --username="$PGUSER" --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync > "$log" 2>&1; then
    serve
else
    cat "$log" >&2
    note server-ended initdb
fi
while true; do
    sleep 1 &
    wait $!
done

#!/bin/sh
# The restored server, for the other steps alone: on the pod's own loopback, archiving nothing, starting nothing of what it would do
# where it lives. When it cannot start it notes why and waits: the next step says it.
set -u
. "${SCRIPTS:-/scripts}/say.sh"
serving=''
showing=''
stop() {
    # Nobody needs its files again.
    [ -z "$serving" ] || kill -QUIT "$serving" 2> /dev/null
    kill "$showing" 2> /dev/null
    exit 0
}
trap stop TERM INT

postgres -D "$PGDATA" \
    -c "listen_addresses=127.0.0.1" -c "port=${PGPORT:-5432}" -c "unix_socket_directories=" -c "hba_file=${SCRIPTS:-/scripts}/hba.conf" \
    -c archive_mode=off -c hot_standby=off -c fsync=off -c ssl=off -c huge_pages=off -c logging_collector=off -c log_destination=stderr \
    -c lc_messages=C -c "max_connections=${MAX_CONNECTIONS:-100}" -c max_logical_replication_workers=0 -c cron.launch_active_jobs=off \
    2> "$DRILL_NOTES/server-log" &
serving=$!
tail -f -n +1 "$DRILL_NOTES/server-log" >&2 &
showing=$!
wait "$serving"
code=$?
serving=''
note server-ended "$code"
while true; do
    sleep 1 &
    wait $!
done

#!/usr/bin/env bash
# Makes a backup when one is due, a missed one too, and removes what is too old. Says what it did in one line of JSON, and in
# backups.json for `make status`.
set -u
source "${BASH_SOURCE%/*}/common.sh"

child=
trap 'stopped=1; [ -z "$child" ] || kill -TERM "$child" 2>/dev/null' TERM INT
stopped=

rest() {
    sleep "$1" &
    child=$!
    wait "$child"
    child=
}

# While it recovers, or before it is there, the server lets nobody copy it.
serves() { [ -S "${SOCKET_DIRECTORY:-/var/run/postgresql}/.s.PGSQL.5432" ] && [ ! -e "$PGDATA/recovery.signal" ]; }

# By slot, the last moment of the schedule, and the backups that are good: full, incr, or nothing.
due() {
    local now=$1 slot last_start=0 last_full=0
    slot=$((now - now % 86400 + 10#${AT%:*} * 3600 + 10#${AT#*:} * 60))
    [ "$slot" -le "$now" ] || slot=$((slot - 86400))
    while read -r _ type start _ error; do
        [ "$error" = good ] || continue
        [ "$start" -le "$last_start" ] || last_start=$start
        [ "$type" != full ] || [ "$start" -le "$last_full" ] || last_full=$start
    done <<<"$2"
    if [ "$last_full" -eq 0 ]; then
        echo full
    elif [ "$last_start" -lt "$slot" ]; then
        # Made up late, the next is due on its own day all the same.
        [ "$((now - last_full))" -ge "$((FULL_EVERY_DAYS * 86400 - 43200))" ] && echo full || echo incr
    fi
}

# By age, unless too few were left then: where backups fail for long, the last ones stay.
expire() {
    local now young=0 output retention
    now=$(date +%s)
    while read -r _ type _ stop error; do
        [ "$type" != full ] || [ "$error" != good ] || [ "$((now - stop))" -gt "$((KEEP_DAYS * 86400))" ] || young=$((young + 1))
    done <<<"$1"
    # One older than the days is kept as well: the days are counted from it.
    if [ "$((young + 1))" -ge "$KEEP_AT_LEAST" ]; then
        retention=(--repo1-retention-full-type=time --repo1-retention-full="$KEEP_DAYS")
    else
        retention=(--repo1-retention-full-type=count --repo1-retention-full="$KEEP_AT_LEAST")
    fi
    output=$(pgbackrest --stanza="$STANZA" "${retention[@]}" expire 2>&1) || printf 'Old backups were not removed: %s\n' "$output" >&2
}

run() {
    local type=$1 started ended code=0 log
    started=$(date +%s)
    echo "A backup of the type $type begins"
    log=$(mktemp)
    pgbackrest --stanza="$STANZA" --type="$type" backup >"$log" 2>&1 &
    child=$!
    # A signal ends the wait, not what is waited for.
    while :; do
        wait "$child" && code=0 || code=$?
        kill -0 "$child" 2>/dev/null || break
    done
    child=
    ended=$(date +%s)
    output=$(tail -c 2000 "$log")
    rm -f "$log"
    if [ "$code" -eq 0 ]; then
        result succeeded "$started" "$ended" "a backup of the type $type, in $((ended - started)) s" ",\"dataAsOf\":\"$(utc "$ended")\""
    elif [ -z "$stopped" ]; then
        output=$(brief "$output")
        result failed "$started" "$ended" "a backup of the type $type: $output"
    fi
    return "$code"
}

# As lib/data-operations.ts reads it.
result() {
    printf '{"kind":"backup","store":%s,"started":"%s","ended":"%s","result":"%s","what":%s%s}\n' \
        "$(json "$STORE")" "$(utc "$2")" "$(utc "$3")" "$1" "$(json "$4")" "${5:-}"
}

remember() {
    local now last_label= last_stop=null last_full=null first=null count=0
    now=$(date +%s)
    while read -r label type _ stop error; do
        [ "${error:-}" = good ] || continue
        count=$((count + 1))
        [ "$first" != null ] || first=$stop
        last_label=$label last_stop=$stop
        [ "$type" != full ] || last_full=$stop
    done <<<"$1"
    write_state backups.json "{\"time\":$now,\"stanza\":$(json "$STANZA"),\"count\":$count,\"firstStop\":$first,\"lastLabel\":$(json "$last_label"),\"lastStop\":$last_stop,\"lastFullStop\":$last_full,\"error\":$(json "$2")}"
}

not_before=0
while [ -z "$stopped" ]; do
    if serves; then
        if info=$(info "$FOLDER" "$STANZA"); then
            known=$(backups_in "$info")
            remember "$known" "${failure:-}"
            now=$(date +%s)
            type=$(due "$now" "$known")
            if [ -n "$type" ] && [ "$now" -ge "$not_before" ]; then
                if run "$type"; then
                    failure=
                    info=$(info "$FOLDER" "$STANZA") && expire "$(backups_in "$info")"
                    continue
                fi
                failure="the backup that began at $(utc "$now") failed: $output"
                not_before=$((now + ${RETRY_SECONDS:-300}))
            fi
        else
            [ "$info" = "${told:-}" ] || printf 'The backups cannot be read: %s\n' "$info" >&2
            told=$info
            remember "${known:-}" "$info"
        fi
    fi
    [ -n "$stopped" ] || rest "${CHECK_SECONDS:-30}"
done

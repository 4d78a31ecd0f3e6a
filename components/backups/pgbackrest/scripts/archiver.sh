#!/usr/bin/env bash
# Takes to the bucket, and fetches from there, what the server asks for by hand-over.sh. Ends when the server has: it is stopped after it.
set -u
source "${BASH_SOURCE%/*}/common.sh"

stopped=
trap 'stopped=1' TERM INT

# A pipe that nobody writes to: waiting for it needs no process.
pipe=$(mktemp -u) && mkfifo "$pipe" && exec 9<>"$pipe" && rm -f "$pipe"
rest() { read -r -t "$1" -u 9 _ || true; }

last_name= last_time=null failure=
answered() {
    rm -f "$1"
    printf '%s\n' "$2" >"$1.done.new" && mv "$1.done.new" "$1.done"
}

stanza_made=
make_stanza() {
    [ -z "$stanza_made" ] || return 0
    local output
    if output=$(pgbackrest --stanza="$STANZA" --no-online stanza-create 2>&1); then
        stanza_made=1
    else
        failed "$output"
        return 1
    fi
}

failed() {
    local now
    now=$(brief "$1")
    [ "$now" = "$failure" ] || printf '%s\n' "$now" >&2
    failure=$now
}

push() {
    local output name=${1##*/}
    name=${name%.push}
    if ! make_stanza; then
        answered "$1" 1
        return
    fi
    if output=$(pgbackrest --stanza="$STANZA" --pg1-path="$PGDATA" archive-push "$PGDATA/pg_wal/$name" 2>&1); then
        [ -z "$failure" ] || echo "The archive takes segments again: $name"
        failure= last_name=$name last_time=$(date +%s)
        answered "$1" 0
    else
        failed "$output"
        answered "$1" 1
    fi
}

get() {
    local output path stanza folder code=0 name=${1##*/}
    name=${name%.get}
    { read -r path && read -r stanza && read -r folder; } <"$1" || return 0
    output=$(pgbackrest --stanza="$stanza" --repo1-path="/$folder" --pg1-path="$PGDATA" archive-get "$name" "$PGDATA/$path" 2>&1) || code=$?
    [ "$code" -lt 2 ] || failed "$output"
    [ "$code" -ne 0 ] || echo "Fetched $name"
    answered "$1" "$code"
}

# For `make status`: what waits on the volume, how long already, and how much room is left for it.
next_report=0 was_late=
report() {
    local now waiting oldest=null first late room
    now=$(date +%s)
    [ "$now" -ge "$next_report" ] || return 0
    next_report=$((now + 10))
    local ready=("$PGDATA"/pg_wal/archive_status/*.ready)
    waiting=${#ready[@]}
    [ -e "${ready[0]}" ] || waiting=0
    if [ "$waiting" -gt 0 ]; then
        first=$(stat -c %Y "${ready[@]}" 2>/dev/null | sort -n | head -n 1)
        oldest=$((now - ${first:-$now}))
    fi
    room=$(df -B1 --output=size,avail "$PGDATA" 2>/dev/null | tail -n 1)
    read -r size free <<<"$room"
    write_state archive.json "{\"time\":$now,\"waiting\":$waiting,\"oldestSeconds\":$oldest,\"lastName\":$(json "$last_name"),\"lastTime\":$last_time,\"error\":$(json "$failure"),\"volumeBytes\":${size:-null},\"freeBytes\":${free:-null}}"
    late=
    [ "$oldest" = null ] || [ "$oldest" -le "$((RECOVERY_POINT_SECONDS + 60))" ] || late=1
    if [ -n "$late" ] && [ -z "$was_late" ]; then
        echo "The archive lags: $waiting segments wait, the first for $oldest s, where $RECOVERY_POINT_SECONDS s were promised. ${failure:-No error was told.}" >&2
    fi
    was_late=$late
    if [ -n "${free:-}" ] && [ "$free" -lt "$((size / 10))" ]; then
        [ -n "${was_full:-}" ] || echo "The volume has less than a tenth of its room left: $free bytes of $size" >&2
        was_full=1
    else
        was_full=
    fi
}

rm -f "$HANDOVER"/*.new "$HANDOVER"/*.new.*
while :; do
    found=
    for ask in "$HANDOVER"/*.push "$HANDOVER"/*.get; do
        [ -e "$ask" ] || continue
        found=1
        case $ask in
        *.push) push "$ask" ;;
        *.get) get "$ask" ;;
        esac
    done
    if [ -z "$found" ]; then
        [ -z "$stopped" ] || exit 0
        # Also where there is nothing to archive yet: the first backup needs it.
        [ -n "$stanza_made" ] || [ ! -e "$PGDATA/global/pg_control" ] || [ -e "$PGDATA/recovery.signal" ] || make_stanza || rest 5
        rest 0.1
    fi
    report
done

#!/usr/bin/env bash
# Moves a database from one PostgreSQL server to another. May be killed at any moment and run again: it goes on where it was.
#
#   MOVE_MODE       dump       all at once, while the source takes no writes
#                   replicate  the source goes on, and the target follows it
#                   cutover    the end of replicate: the source takes no writes any more, and the target has all of it
#                   back       undoes what is done to the source, and forgets the move
#   MOVE_STATE      a folder that outlives this process: the dump, and what was done to the source
#   SOURCE_URL, TARGET_URL     postgresql://user:password@host:port/database?sslmode=...; passwords apart in SOURCE_PASSWORD, TARGET_PASSWORD
#   MOVE_CONFIRM    the target's name, which allows to empty it
#   MOVE_READ_ONLY  auto, database, role or nothing (freeze.sh)
#   MOVE_JOBS       how many tables at once
#   MOVE_STORE      the store's name in the result
#   MOVE_RESULT     a file for the result. Exit codes: 0 done, 1 failed and undone, 143 stopped: to be run again
set -euo pipefail
shopt -s inherit_errexit

scripts=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
state=${MOVE_STATE:?}
: "${MOVE_MODE:?}" "${SOURCE_URL:?}" "${TARGET_URL:?}"
MOVE_CONFIRM=${MOVE_CONFIRM:-} MOVE_READ_ONLY=${MOVE_READ_ONLY:-auto} MOVE_JOBS=${MOVE_JOBS:-2} MOVE_RESULT=${MOVE_RESULT:-/dev/null}
MOVE_STORE=${MOVE_STORE:-database}
export LC_ALL=C

# In memory, where there is a place for it.
private=$(mktemp -d "$([ -w /dev/shm ] && echo /dev/shm || echo "${TMPDIR:-/tmp}")/move.XXXXXX")
errors=$private/error
: > "$errors"
for part in say servers freeze steps dump compare checks replication; do
    # shellcheck source=/dev/null
    . "$scripts/$part.sh"
done

begun=$(now)
stopped=''
group=''
ended() {
    local code=$?
    trap - EXIT TERM INT
    # With all that it has started.
    [ -z "$group" ] || kill -TERM -- "-$group" 2> /dev/null || true
    if [ -n "$stopped" ]; then
        code=143
        if [ -f "$state/read-only" ]; then
            say end failed 'stopped from outside: run it again, and it goes on. THE SOURCE STAYS READ-ONLY until then; BACK=1 undoes that.'
        else
            say end failed 'stopped from outside: run it again, and it goes on'
        fi
    elif [ "$code" -ne 0 ]; then
        code=1
        failed
    fi
    rm -rf "$private"
    exit "$code"
}

failed() {
    local text again=''
    text=$(cat "$private/failure" 2> /dev/null || true)
    [ -n "$text" ] || text="it ended unexpectedly: $(said)"
    if [ -f "$state/ready" ]; then
        # The app may write to the target by now: two that take writes would go apart.
        again=' The source stays read-only, for the app may have gone on with the target.'
    elif [ -f "$state/read-only" ]; then
        # In a process of its own, for it may fail too.
        if (thaw); then
            again=' The source takes writes again, as before.'
        else
            again=' THE SOURCE IS STILL READ-ONLY: it could not be undone. BACK=1 undoes it, or on the source: SET default_transaction_read_only = off; ALTER DATABASE ... RESET default_transaction_read_only'
        fi
    fi
    say end failed "$text$again"
    result failed "$text$again"
}

# result RESULT TEXT [NAME NUMBER]...: one line, for the termination message.
result() {
    local kind=$1 text=$2 more=''
    shift 2
    while [ $# -ge 2 ]; do
        more+=",\"$1\":$2"
        shift 2
    done
    printf '%s\n' "{\"kind\":\"move\",\"store\":$(quoted "$MOVE_STORE"),\"mode\":\"$MOVE_MODE\",\"started\":\"$(date -u -d "@$begun" +%FT%TZ)\",\"ended\":\"$(date -u +%FT%TZ)\",\"result\":\"$kind\",\"what\":$(quoted "${text:0:2500}")$more}" | tee "$MOVE_RESULT"
}

trap ended EXIT
trap 'stopped=1; exit 143' TERM INT

# In this shell, for its end undoes what the rest has done.
begin() {
    mkdir -p "$state"
    exec 9> "$state/lock"
    # The last pieces of one that was killed may still be ending.
    flock --wait 60 9 || fail 'Another mover works on this volume.'
    [ -s "$state/id" ] || head -c 8 /dev/urandom | od -An -tx1 | tr -d ' \n' > "$state/id"
    [ -s "$state/attempt" ] || echo 1 > "$state/attempt"
    connect_services
}

main() {
    if [ "$MOVE_MODE" = back ]; then
        back
        return 0
    fi
    if [ -f "$state/done" ]; then
        end_target
        return 0
    fi
    end_earlier_sessions
    choose_float_digits
    case $MOVE_MODE in
        dump) by_dump ;;
        replicate) replicate ;;
        cutover) cut_over ;;
        *) fail "MOVE_MODE is $MOVE_MODE. Allowed: dump, replicate, cutover, back." ;;
    esac
}

by_dump() {
    checks
    open_target
    freeze
    start_source_fingerprints
    dump
    restore_schema
    restore_data
    restore_indexes
    set_sequences
    analyze
    compare
    moved
}

# moved: from here on the source is the old one. It is written down first, so that a kill in what is left changes nothing.
moved() {
    local seconds=$(($(now) - $(frozen_since)))
    [ ! -f "$state/ready" ] || seconds=$(cat "$state/ready")
    printf '%s %s %s\n' "$seconds" "$(wc -l < "$state/source.tsv")" "$(wc -l < "$state/sequences.source")" > "$state/done.new"
    mv "$state/done.new" "$state/done"
    end_target
}

analyze() {
    local known errors="$private/error.analyze"
    known=$(must target --command="SELECT count(*) FROM $move_schema.step WHERE name = 'analyze'")
    [ "$known" = 0 ] || return 0
    say analyze running 'gathering statistics, without which queries are slow'
    : > "$errors"
    vacuumdb --analyze-only --quiet --jobs="$MOVE_JOBS" --dbname=service=target > /dev/null 2>> "$errors" || fail "Statistics: $(said)"
    must target --command="INSERT INTO $move_schema.step (name) VALUES ('analyze') ON CONFLICT DO NOTHING"
    say analyze 'done' 'statistics are there'
}

# The move leaves no trace in the target.
end_target() {
    local seconds tables sequences text
    read -r seconds tables sequences < "$state/done"
    must target --command="DROP SCHEMA IF EXISTS $move_schema CASCADE"
    rm -rf "$state/dump" "$state/fingerprints"
    text="moved. The source was read-only for $seconds s until then, and stays so: point the app to the target"
    [ "$(frozen_way)" != nothing ] || text="moved in $seconds s. The source still takes writes: point the app to the target"
    say end 'done' "$text" readOnlySeconds "$seconds"
    result succeeded "$text" readOnlySeconds "$seconds" tables "$tables" sequences "$sequences"
}

back() {
    local was=''
    remember_freeze
    [ ! -f "$state/read-only" ] || was=1
    end_earlier_sessions
    stop_following
    thaw
    must target --command="DROP SCHEMA IF EXISTS $move_schema CASCADE"
    local text='nothing of the move is left in the source'
    [ -z "$was" ] || text="the source takes writes again; $text"
    say end 'done' "$text. What it has put into the target is still there."
    result succeeded "$text"
}

begin
# In the background and in a group of its own: a shell that waits is interrupted at once, and what is below it ends with it.
set -m
main &
group=$!
set +m
code=0
wait "$group" || code=$?
exit "$code"

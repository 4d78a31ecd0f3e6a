#!/usr/bin/env bash
# Before the server starts: where its data is not there, it comes from the bucket. A server never begins empty beside backups.
set -euo pipefail
source "${BASH_SOURCE%/*}/common.sh"

fail() {
    printf '%s\n' "$@" >&2
    exit 1
}

partial=$PGDATA.partial
volume=${PGDATA%/*}

if [ -s "$PGDATA/PG_VERSION" ]; then
    rm -rf "$partial"
    # Not before the other data has been seen to work.
    if [ "${ORIGINAL:-kept}" = removed ] && [ ! -e "$PGDATA/recovery.signal" ]; then
        for other in "$volume/pgdata" "$volume"/restored-*; do
            case $other in
            "$PGDATA" | "$PGDATA".*) ;;
            *)
                [ ! -e "$other" ] || echo "Removing the data before: ${other##*/}"
                rm -rf "$other"
                ;;
            esac
        done
    fi
    echo "The data is there: ${PGDATA##*/}"
    exit 0
fi
if [ -e "$PGDATA" ] && [ -n "$(ls -A "$PGDATA")" ]; then
    fail "$PGDATA is neither empty nor a database: it has no PG_VERSION." \
        "Look at it from a shell, and move it away: nothing here removes what it does not know."
fi

# An error is no empty bucket: with one the server waits.
look() {
    info "$1" || fail "The backups at $1 cannot be read, so nobody knows whether there are any: the server waits for them." \
        "Is the bucket reached, is the key allowed to read it, is the passphrase the one that they were made with?"
}

source_stanza= source_folder= target=() set=()
all=$(look "$FOLDER") || fail "$all"
known=$(backups_of_all "$all")
while read -r name _ _ _ _ error; do
    [ "$name" = "$STANZA" ] && [ "$error" = good ] && source_stanza=$STANZA source_folder=$FOLDER
    true
done <<<"$known"
if [ -n "$source_stanza" ]; then
    echo "There is no data, and there are backups of it: the newest is restored"
elif [ -n "${RESTORE_AT:-}" ]; then
    source_folder=${RESTORE_FROM:-$FOLDER}
    if [ "$source_folder" != "$FOLDER" ]; then
        all=$(look "$source_folder") || fail "$all"
        known=$(backups_of_all "$all")
    fi
    # Of the states of the data one that was left again may have the latest backup: its archive ends before what happened since.
    declare -A reach=()
    furthest=-1 best=0 first=
    while read -r name label _ _ stop error; do
        [ "${error:-}" = good ] || continue
        [ -n "$first" ] && [ "$first" -le "$stop" ] || first=$stop
        [ "$RESTORE_AT" = latest ] || [ "$stop" -le "$RESTORE_SECONDS" ] || continue
        [ -n "${reach[$name]:-}" ] || reach[$name]=$(archived_until "$source_folder" "$name")
        far=${reach[$name]}
        [ "$RESTORE_AT" = latest ] || far=$((far >= RESTORE_SECONDS))
        if [ "$far" -gt "$furthest" ] || { [ "$far" -eq "$furthest" ] && [ "$stop" -gt "$best" ]; }; then
            furthest=$far best=$stop source_stanza=$name set=(--set="$label")
        fi
    done <<<"$known"
    [ -n "$first" ] || fail "There are no backups at $source_folder."
    [ -n "$source_stanza" ] || fail "No backup at $source_folder is as old as $RESTORE_AT: the first ended at $(utc "$first")."
    if [ "$RESTORE_AT" != latest ]; then
        target=(--type=time --target="$RESTORE_TARGET" --target-action=promote)
    fi
    echo "Restoring $RESTORE_AT of $source_stanza at $source_folder"
elif [ -n "$known" ]; then
    fail "There is no data, and at $FOLDER are backups of other data: ${known%% *}." \
        "To go on with them, set restore.at of this database; to begin anew, give backups.to.prefix another folder."
else
    echo "There is neither data nor a backup: the server begins empty"
    exit 0
fi

rm -rf "$partial"
mkdir -p "$volume"
mkdir -m 700 "$partial"
started=$(date +%s)
fetch="/bin/sh $HAND_OVER get %f %p $source_stanza $source_folder"
# The line of each file says how much is done; a line for each twentieth is enough.
last=-1
shown() {
    local line percent
    while IFS= read -r line; do
        if [[ $line =~ ,\ ([0-9]+)(\.[0-9]+)?%\) ]]; then
            percent=$((BASH_REMATCH[1] / 5 * 5))
            [ "$percent" -le "$last" ] || echo "Restored $percent %"
            [ "$percent" -le "$last" ] || last=$percent
        elif [[ $line == *ERROR:* || $line == *WARN:* || $line == *HINT:* ]]; then
            printf '%s\n' "$line" >&2
        fi
    done
}
if ! pgbackrest --stanza="$source_stanza" --repo1-path="/$source_folder" --pg1-path="$partial" "${target[@]}" "${set[@]}" \
    --recovery-option=restore_command="$fetch" --archive-mode=preserve --process-max="${PROCESSES:-2}" --log-level-console=detail restore 2>&1 | shown; then
    fail "The restore of $source_stanza at $source_folder failed, and is tried again."
fi
[ -s "$partial/PG_VERSION" ] || fail "The restore of $source_stanza at $source_folder left no database."
# The password of the moment that was restored may be another one: login.sh sets it.
touch "$PGDATA.login"
mv "$partial" "$PGDATA"
# As lib/data-operations.ts reads it; in the termination message too, for who may not read logs.
ended=$(date +%s)
printf '{"kind":"restore","store":%s,"started":"%s","ended":"%s","result":"succeeded","what":%s}\n' \
    "$(json "$STORE")" "$(utc "$started")" "$(utc "$ended")" \
    "$(json "${RESTORE_AT:-latest} of $source_stanza at $source_folder, in $((ended - started)) s")" |
    tee "${TERMINATION_LOG:-/dev/termination-log}"

#!/bin/sh
# Makes the copy of uploaded files what the files are, encrypted: `current` has those of now, and what was overwritten or deleted since is
# below `versions`, by the time at which it was, for KEEP_DAYS. SOURCE is a folder, or `media:` with the bucket's name.
set -eu
scripts=$(cd "$(dirname "$0")" && pwd)
KIND=copy
. "$scripts/operation.sh"
. "$scripts/bucket.sh"

if [ -e "$keys/media-access-key-id" ]; then
    RCLONE_CONFIG_MEDIA_ACCESS_KEY_ID=$(cat "$keys/media-access-key-id")
    RCLONE_CONFIG_MEDIA_SECRET_ACCESS_KEY=$(cat "$keys/media-secret-access-key")
    RCLONE_CONFIG_MEDIA_NO_CHECK_BUCKET=true
    export RCLONE_CONFIG_MEDIA_ACCESS_KEY_ID RCLONE_CONFIG_MEDIA_SECRET_ACCESS_KEY RCLONE_CONFIG_MEDIA_NO_CHECK_BUCKET
fi
place="$BUCKET/$PREFIX"

# What is counted is a copy of the list, not of the files: number and bytes.
size_of() {
    quiet size --json "$1" | sed -n 's/.*"count":\([0-9]*\),"bytes":\([0-9]*\).*/\1 \2/p'
}
found=$(size_of "$SOURCE")
[ -n "$found" ] || fail "The uploaded files at $SOURCE could not be listed. $(why)"
# Not there before the first copy.
had=$(size_of backups:current)
# A volume that was lost and made anew, a wrong bucket: nothing says "deleted" better, and the copy is what one needs then.
if [ "${found%% *}" = 0 ] && [ "${had:-0 0}" != "0 0" ] && [ "${had%% *}" != 0 ]; then
    fail "There are no uploaded files at $SOURCE, and ${had%% *} in the copy at $place/current, which is left as it is. Fix: bring them back from there; if they were meant to go, remove $place/current."
fi

now=$(date -u +%Y%m%dT%H%M%SZ)
# The time of a bucket's object is when it was written there: asking for its own would cost a request for each.
quiet sync "$SOURCE" backups:current --backup-dir "backups:versions/$now" --update --use-server-modtime --transfers 8 --fast-list ||
    fail "The uploaded files were not copied to $place. $(why)"
quiet check "$SOURCE" backups:current --one-way --size-only --fast-list ||
    fail "Files at $place/current differ from those at $SOURCE, or are not there: $(last_words "$said"). Fix: the next copy tries again."

trouble=""
limit=$(date -u -d "@$(($(date +%s) - KEEP_DAYS * 86400))" +%Y%m%dT%H%M%SZ)
quiet lsf --dirs-only backups:versions > "$tmp/versions" || true
sed -n 's|^\([0-9]\{8\}T[0-9]\{6\}Z\)/$|\1|p' "$tmp/versions" | awk -v limit="$limit" '$0 < limit' > "$tmp/old"
while read -r old; do
    say "Removing versions of $old: older than $KEEP_DAYS days"
    quiet purge "backups:versions/$old" || trouble=" Old versions could not be removed. $(why)"
done < "$tmp/old"

told copy succeeded "${found%% *} uploaded files are at $place/current; what was changed or deleted stays below versions for $KEEP_DAYS days.$trouble" \
    ",\"dataAsOf\":\"$started\",\"bytes\":${found##* }"

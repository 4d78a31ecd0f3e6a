#!/bin/sh
# Brings the dump of WORK into the bucket, reads it there again, and then puts its manifest beside it: a dump without one is none. Then
# removes dumps that are older than KEEP_DAYS, but never one of the newest KEEP_AT_LEAST good ones.
set -eu
scripts=$(cd "$(dirname "$0")" && pwd)
KIND=dump
. "$scripts/operation.sh"
. "$scripts/bucket.sh"

of_manifest() {
    sed -n "s/^  \"$1\": \"\{0,1\}\([^\",]*\)\"\{0,1\},\$/\1/p" "$WORK/manifest.json"
}

name=$(cat "$WORK/name")
bytes=$(of_manifest bytes)
sum=$(of_manifest sha256)
taken=$(of_manifest taken)
place="$BUCKET/$PREFIX/$name"

say "Sending $bytes bytes to $ENDPOINT, $place"
quiet copyto "$WORK/dump" "backups:$name/dump" || fail "The dump was not sent to $place. $(why)"
# Decrypted as it is after a disaster. Of a transfer that went wrong a size alone says nothing.
found=$(quiet cat "backups:$name/dump" | sha256sum | cut -d ' ' -f 1)
[ "$found" = "$sum" ] || fail "The dump at $place is not what was sent: its SHA-256 is $found, not $sum. Fix: look at the bucket's server; the next dump tries again."
quiet copyto "$WORK/manifest.json" "backups:$name/manifest.json" || fail "The manifest was not sent to $place. $(why)"

# What is left to remove is no reason to call the dump a failure.
trouble=""
remove() {
    say "Removing $1: $2"
    quiet purge "backups:$1" || trouble=" Old ones could not be removed. $(why)"
}
# BusyBox reads seconds with @ as GNU does.
before() {
    date -u -d "@$(($(date +%s) - $1 * 86400))" +%Y%m%dT%H%M%SZ
}
# Who does not see the dump of just now, sees too little to remove anything.
if good backups > "$tmp/good" && grep -q -x -F -e "$name" "$tmp/good"; then
    kept=$(wc -l < "$tmp/good")
    limit=$(before "$KEEP_DAYS")
    # Texts of times sort as times do.
    sort -r "$tmp/good" | tail -n "+$((KEEP_AT_LEAST + 1))" | awk -v limit="$limit" '$0 < limit' > "$tmp/old"
    while read -r old; do
        remove "$old" "older than $KEEP_DAYS days"
        kept=$((kept - 1))
    done < "$tmp/old"
    # Begun and never ended; one that runs now is younger.
    abandoned=$(before 2)
    quiet lsf --dirs-only backups: > "$tmp/listed" || : > "$tmp/listed"
    sed -n 's|^\([0-9]\{8\}T[0-9]\{6\}Z\)/$|\1|p' "$tmp/listed" | sort > "$tmp/all"
    grep -v -x -F -f "$tmp/good" "$tmp/all" | awk -v limit="$abandoned" '$0 < limit' > "$tmp/broken" || true
    while read -r broken; do
        remove "$broken" "never finished"
    done < "$tmp/broken"
else
    kept=1
    trouble=" Old ones could not be listed. $(why)"
fi

told dump succeeded "Dump $name of ${DATABASE} is at $place; $kept good dumps are kept.$trouble" ",\"dataAsOf\":\"$taken\",\"bytes\":$bytes"

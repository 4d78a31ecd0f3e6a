#!/bin/sh
# Brings a dump from the bucket into WORK: DUMP is its name, or `latest`. It is compared with its manifest before anything is done with it.
set -eu
scripts=$(cd "$(dirname "$0")" && pwd)
KIND=restore
. "$scripts/operation.sh"
. "$scripts/bucket.sh"

place="$BUCKET/$source"
rm -rf "${WORK:?}"/*
good from > "$tmp/good" || fail "The dumps at $place could not be listed. $(why)"
[ -s "$tmp/good" ] || fail "There is no good dump at $place of $ENDPOINT. Allowed: the bucket and the prefix of a stack that has made some; another stack's prefix as FROM."
name=$DUMP
[ "$name" != latest ] || name=$(tail -n 1 "$tmp/good")
grep -q -x -F -e "$name" "$tmp/good" ||
    fail "There is no good dump $name at $place. Allowed: latest, $(tail -n 10 "$tmp/good" | tr '\n' ' ')"

quiet copyto "from:$name/manifest.json" "$WORK/manifest.json" || fail "The manifest of $name could not be read. $(why)"
quiet copyto "from:$name/dump" "$WORK/dump" || fail "The dump $name could not be read. $(why)"
sum=$(sed -n 's/^  "sha256": "\([0-9a-f]*\)",$/\1/p' "$WORK/manifest.json")
found=$(sha256sum < "$WORK/dump" | cut -d ' ' -f 1)
[ "$found" = "$sum" ] || fail "The dump $name is damaged: its SHA-256 is $found, and its manifest says $sum. Fix: take another: $(tail -n 10 "$tmp/good" | tr '\n' ' ')"
echo "$name" > "$WORK/name"
say "Fetched the dump $name of $place"

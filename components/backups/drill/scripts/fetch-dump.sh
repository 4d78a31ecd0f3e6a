#!/bin/sh
# The first step of a drill of dumps: the last one, out of the bucket (fetch.sh of the dumps), and whether it is as young as promised.
set -eu
. "${SCRIPTS:-/scripts}/say.sh"
note started "$(date +%s)"
mkdir -p "$WORK"
# It says itself what is wrong.
KIND=drill DUMP=latest sh "${DUMP_SCRIPTS:-${SCRIPTS:-/scripts}}/fetch.sh" || exit 1

of_manifest() { sed -n "s/^  \"$1\": \"\{0,1\}\([^\",]*\)\"\{0,1\},\$/\1/p" "$WORK/manifest.json"; }
name=$(cat "$WORK/name")
taken=$(of_manifest taken)
note label "the dump $name"
note as-of "$taken"
note bytes "$(of_manifest bytes)"
# Names of dumps are times, and texts of times sort as times do; no shell here need know how to read one.
oldest=$(date -u -d "@$(($(date +%s) - OLDEST_HOURS * 3600))" +%Y-%m-%dT%H:%M:%SZ)
if [ "$(printf '%s\n%s\n' "$oldest" "$taken" | sort | head -n 1)" = "$taken" ]; then
    fail age "The last dump is of $taken; one is made each day, and none older than $OLDEST_HOURS h is promised. Fix: see why none is made in the last pods of the CronJob $STORE-dump."
fi
check backup true "$name, of $taken"

#!/bin/sh
# restore_command of the restored server: asks archive.sh, which has pgBackRest, for one segment of WAL ($1), and puts it at $2.
# Code 1 ends the recovery where the archive ends; a code above 125 ends the server.
. "${SCRIPTS:-/scripts}/say.sh"
: > "$EXCHANGE/$1.wanted"
tries=0
while [ "$((tries += 1))" -lt 6000 ]; do
    if [ -e "$EXCHANGE/$1.here" ]; then
        exec mv "$EXCHANGE/$1.here" "$2"
    elif [ -e "$EXCHANGE/$1.absent" ]; then
        rm -f "$EXCHANGE/$1.absent"
        printf '%s\n' "$1" >> "$DRILL_NOTES/absent"
        exit 1
    elif [ -e "$EXCHANGE/$1.failed" ]; then
        note unreadable "$1: $(plain 240 < "$EXCHANGE/$1.failed")"
        exit 200
    fi
    sleep 0.1
done
note unreadable "$1: the repository did not answer within ten minutes"
exit 200

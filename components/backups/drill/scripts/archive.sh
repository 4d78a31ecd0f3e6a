#!/bin/sh
# Beside the restored server, which has no pgBackRest: brings the segments of WAL that it asks for (get.sh), from the repository.
set -u
export LC_ALL=C
trap 'exit 0' TERM INT
while true; do
    for request in "$EXCHANGE"/*.wanted; do
        [ -e "$request" ] || continue
        segment=$(basename "$request" .wanted)
        answer="$EXCHANGE/$segment"
        rm -f "$request"
        errors=$(pgbackrest --stanza="$STANZA" --pg1-path="$PGDATA" --log-level-console=warn archive-get "$segment" "$answer.part" 2>&1)
        code=$?
        if [ "$code" -eq 0 ]; then
            chmod g+rw "$answer.part"
            mv "$answer.part" "$answer.here"
        elif [ "$code" -eq 1 ]; then
            : > "$answer.absent"
        else
            printf '%s\n' "$errors"
            printf '%s\n' "$errors" > "$answer.part"
            mv "$answer.part" "$answer.failed"
        fi
    done
    # A signal waits for what runs in the foreground.
    sleep 0.1 &
    wait $!
done

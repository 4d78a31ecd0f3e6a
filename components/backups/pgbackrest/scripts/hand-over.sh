#!/bin/sh
# archive_command: hand-over.sh push NAME. restore_command: hand-over.sh get NAME PATH STANZA FOLDER. The server's image has no pgBackRest,
# so the container beside it does the work: a file asks, a file answers. Nothing but that answer is success. Where none comes the
# server keeps a segment and asks again; while it recovers it has to stop instead, for no answer is not the end of the log.
set -u
action=$1 name=$2
ask=$HANDOVER/$name.$action
no_answer=1
[ "$action" = push ] || no_answer=255

rm -f "$ask.done"
printf '%s\n' "${3:-}" "${4:-}" "${5:-}" >"$ask.new.$$" && mv "$ask.new.$$" "$ask" || exit "$no_answer"
turns=0
until [ -e "$ask.done" ]; do
    turns=$((turns + 1))
    if [ "$turns" -gt "$((${ANSWER_SECONDS:-60} * 10))" ]; then
        echo "archive: nobody took $name in ${ANSWER_SECONDS:-60} s; the log of the container archiver says why" >&2
        exit "$no_answer"
    fi
    sleep 0.1
done
read -r answer <"$ask.done" || answer=
rm -f "$ask.done"
case $action:$answer in
*:0) exit 0 ;;
# Not in the archive: where recovery has come to the end of it, the server goes on by itself.
get:1) exit 1 ;;
get:*) exit 255 ;;
*) exit 1 ;;
esac

#!/bin/sh
# Puts the file of users together that the server begins with. The login before is in it until its pods have gone, which a ConfigMap
# says that is mounted beside it; a server that starts anew in the middle of a rollout lets both in.
set -eu
users=/etc/redis-users
umask 077
if [ "$(cat /etc/redis-retired/number 2> /dev/null || true)" = "$(cat "$users/number")" ]; then
    cat "$users/now.acl" "$users/after.acl" > /data/users.acl
else
    cat "$users/now.acl" "$users/before.acl" > /data/users.acl
fi
exec "$@"

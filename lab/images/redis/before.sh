#!/bin/sh
# The user that the Redis packages find when they are configured in the new root ($1), with the official image's ids.
set -eu
echo 'redis:x:999:' >> "$1/etc/group"
echo 'redis:x:999:999::/data:/usr/sbin/nologin' >> "$1/etc/passwd"
echo 'redis:*:19000:0:99999:7:::' >> "$1/etc/shadow"

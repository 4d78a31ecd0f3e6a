#!/bin/sh
# The user that the memcached package finds when it is configured in the new root ($1), with the official image's ids.
set -eu
echo 'memcache:x:11211:' >> "$1/etc/group"
echo 'memcache:x:11211:11211::/nonexistent:/usr/sbin/nologin' >> "$1/etc/passwd"
echo 'memcache:*:19000:0:99999:7:::' >> "$1/etc/shadow"

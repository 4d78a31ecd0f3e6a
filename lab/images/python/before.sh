#!/bin/sh
# The user that the app runs as, in the new root ($1).
set -eu
echo 'app:x:10001:' >> "$1/etc/group"
echo 'app:x:10001:10001::/tmp:/usr/sbin/nologin' >> "$1/etc/passwd"
echo 'app:*:19000:0:99999:7:::' >> "$1/etc/shadow"

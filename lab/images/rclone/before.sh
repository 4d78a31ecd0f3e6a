#!/bin/sh
# The user of the new root ($1).
set -eu
echo 'rclone:x:10002:' >> "$1/etc/group"
echo 'rclone:x:10002:10002::/data:/usr/sbin/nologin' >> "$1/etc/passwd"
echo 'rclone:*:19000:0:99999:7:::' >> "$1/etc/shadow"

#!/bin/sh
# Finishes the rclone root ($1): what mounts a bucket as a folder is not used, and wants more than a container may.
set -eu
rm -f "$1/usr/bin/fusermount3" "$1/usr/sbin/mount.fuse3"
chroot "$1" install -d -o 10002 -g 10002 -m 0755 /data

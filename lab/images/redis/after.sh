#!/bin/sh
# Finishes the Redis root ($1).
set -eu
chroot "$1" install -d -o 999 -g 999 -m 0755 /data

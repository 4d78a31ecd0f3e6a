#!/bin/sh
# The user of the new root ($1), whom the package asks for: its ids are the database's, whose volume it reads.
set -eu
echo 'postgres:x:999:' >> "$1/etc/group"
echo 'postgres:x:999:999::/nonexistent:/usr/sbin/nologin' >> "$1/etc/passwd"
echo 'postgres:*:19000:0:99999:7:::' >> "$1/etc/shadow"

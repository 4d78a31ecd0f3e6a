#!/bin/sh
# The users of the new root ($1): the packages ask for postgres, and PgBouncer gets one that owns nothing of a database.
set -eu
echo 'postgres:x:999:' >> "$1/etc/group"
echo 'postgres:x:999:999::/nonexistent:/usr/sbin/nologin' >> "$1/etc/passwd"
echo 'postgres:*:19000:0:99999:7:::' >> "$1/etc/shadow"
echo 'pgbouncer:x:998:' >> "$1/etc/group"
echo 'pgbouncer:x:998:998::/nonexistent:/usr/sbin/nologin' >> "$1/etc/passwd"
echo 'pgbouncer:*:19000:0:99999:7:::' >> "$1/etc/shadow"

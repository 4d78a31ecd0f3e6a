#!/bin/sh
# The user and the settings that the PostgreSQL packages find when they are configured in the new root ($1).
set -eu
# The ids of the official image: a volume made by one is readable by the other.
echo 'postgres:x:999:' >> "$1/etc/group"
echo 'postgres:x:999:999::/var/lib/postgresql:/bin/bash' >> "$1/etc/passwd"
echo 'postgres:*:19000:0:99999:7:::' >> "$1/etc/shadow"
# No cluster from the package: the entrypoint makes one, on the volume.
mkdir -p "$1/etc/postgresql-common"
echo 'create_main_cluster = false' > "$1/etc/postgresql-common/createcluster.conf"

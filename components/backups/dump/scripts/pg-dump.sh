#!/bin/bash
# Started by dump.sql. That psql learns of a failure is new in version 16, so a file says that all went well.
set -euo pipefail
# A lock of a migration that hangs would be waited for for ever. Subscriptions name other servers, and only superusers read them.
if pg_dump --format=custom --snapshot="$SNAPSHOT" --lock-wait-timeout=60s --no-subscriptions --file="$WORK/dump" 2> "$WORK/said-dump"; then
    touch "$WORK/dumped"
fi

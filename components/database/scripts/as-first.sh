#!/bin/sh
# psql as the role that owns a database or administers its server, with the first of its passwords that still holds: the one that a
# rotation has set, then the one that the server began with. Says neither.
said=/tmp/said
for name in ADMINISTRATOR_PASSWORD FIRST_PASSWORD; do
    eval "PGPASSWORD=\${$name-}"
    [ -n "$PGPASSWORD" ] || continue
    export PGPASSWORD
    if psql --no-psqlrc --quiet --command="SELECT" > /dev/null 2> "$said"; then
        exec psql --no-psqlrc --quiet "$@"
    fi
done
cat "$said" >&2
cat >&2 <<EOT
The server lets the role $PGUSER in with no password that the state has.
Allowed: the password that the server began with, or the one that a rotation has set.
Fix: set it again, \\password $PGUSER in a psql of the server's administrator: see docs/rotation.md.
EOT
exit 1

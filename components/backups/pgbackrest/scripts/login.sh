#!/bin/sh
# After the server has started: where its data was restored, the owner gets the password of today. Through the socket, which lets in without one.
set -u
[ -e "$PGDATA.login" ] || exit 0
# Into the server's own log: of a hook's output nobody hears.
say() { { printf '%s\n' "$*" >/proc/1/fd/2; } 2>/dev/null || printf '%s\n' "$*" >&2; }
# Recovery takes as long as it takes; where the server ends, this does with it.
until pg_isready --quiet --username="$POSTGRES_USER" --dbname=postgres --host="${SOCKET_DIRECTORY:-/var/run/postgresql}"; do
    sleep 1
done
if psql --quiet --no-psqlrc --set=ON_ERROR_STOP=1 --host="${SOCKET_DIRECTORY:-/var/run/postgresql}" --username="$POSTGRES_USER" --dbname=postgres <<'SQL'; then
\getenv role POSTGRES_USER
\getenv password POSTGRES_PASSWORD
SET log_statement = none;
SET log_min_error_statement = panic;
ALTER ROLE :"role" PASSWORD :'password';
SQL
    rm -f "$PGDATA.login"
    say "restore: the password of $POSTGRES_USER is the one of this stack"
else
    say "restore: the data has no role $POSTGRES_USER that may log in as a superuser: it is another app's. The app will not be let in"
fi
exit 0

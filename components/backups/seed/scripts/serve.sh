#!/bin/bash
# The last step of a seed: the masked rows, dumped again, go into a new database on the lender's server; only when all is there it is what
# new environments begin with. A dump has the rows that are there and nothing else: neither earlier versions of them in the files, nor
# statistics with values of theirs. What is on the lender's server never was anything but masked.
set -euo pipefail
scripts=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$scripts/steps.sh"
KIND=seed
. "$scripts/operation.sh"
: "${DRILL_NOTES:=/notes}"

# Of the pod's own server, which asks for none, and of the role that is made below, whose password nobody else ever has.
export SECRETS="$tmp/login"
mkdir -p "$SECRETS" "$WORK"
(umask 077 && head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n' > "$SECRETS/database-password")
ROLE_PASSWORD=$(cat "$SECRETS/database-password")
# Found before the dump is made: the mask may have added some.
EXTENSIONS=$(psql --no-psqlrc --quiet --no-align --tuples-only --set=ON_ERROR_STOP=1 --command="SELECT string_agg(extname, ' ' ORDER BY extname) FROM pg_extension WHERE extname <> 'plpgsql'" 2> "$tmp/said") ||
    fail "The masked copy could not be read: $(last_words "$tmp/said")"
step dump.sh

# As the server's administrator, in his database. Nobody who may make functions there is to run them as him.
administrator() (
    PGPASSWORD=$(cat "${SERVER_SECRETS:-/server-secrets}/administrator-password")
    export PGPASSWORD PGHOST=$SERVER_HOST PGPORT=$SERVER_PORT PGUSER=$SERVER_USER PGDATABASE=$SERVER_DATABASE PGCONNECT_TIMEOUT=10
    export PGOPTIONS="-c search_path=pg_catalog,pg_temp -c statement_timeout=0"
    over_tls
    psql --no-psqlrc --quiet --no-align --tuples-only --set=ON_ERROR_STOP=1 "$@" 2> "$tmp/said"
)
over_tls() {
    [[ -z ${SERVER_SSLMODE:-} ]] || export PGSSLMODE=$SERVER_SSLMODE
    [[ -z ${SERVER_CA:-} ]] || export PGSSLROOTCERT=$SERVER_CA
}
# PostgreSQL's own words, without where in which file.
why() {
    sed 's/^psql:[^ ]*: //' "$tmp/said" > "$tmp/why"
    last_words "$tmp/why"
}

ROLE="${SEED}_seeder"
# Names sort as their times do.
DATABASE="${SEED}_$(date --utc +%Y%m%d%H%M%S)"
MARK="seed-of-django-on-kubernetes name=$SEED namespace=$NAMESPACE"
export SEED ROLE ROLE_PASSWORD EXTENSIONS DATABASE MARK KEEP

# What a failure leaves goes at once; what a kill leaves, with the next run.
abandoned() {
    trap - EXIT
    administrator --file="$scripts/abandon-seed.sql" || say "The unfinished $DATABASE is there still, and goes with the next run: $(why)"
}
trap abandoned EXIT
administrator --file="$scripts/begin-seed.sql" || fail "The new database $DATABASE could not be made on $SERVER_HOST, and what was served before still is. $(why)"

# As the role that owns what is in it and nothing else: whatever a dump would run, it runs as nobody.
fill() (
    export PGHOST=$SERVER_HOST PGPORT=$SERVER_PORT PGUSER=$ROLE PGDATABASE=$DATABASE PGPASSWORD=$ROLE_PASSWORD
    over_tls
    step restore.sh
    # Done once here, and not in each copy. Of tables of the server's own it says that they are not this role's.
    PGOPTIONS="-c client_min_messages=error -c statement_timeout=0" psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --command="VACUUM (FREEZE, ANALYZE)" 2> "$tmp/said" ||
        fail "The new database $DATABASE could not be vacuumed, and what was served before still is. $(why)"
)
fill

kept=$(administrator --file="$scripts/end-seed.sql") || fail "The new database $DATABASE could not be put in its place, and what was served before still is. $(why)"
trap - EXIT
kept=$(tail -n 1 <<< "$kept")
late=""
if ((kept > KEEP)); then
    late=" Older ones are in use, and go with the next run."
fi
tables=$(grep --count '"table"' "$WORK/manifest.json" || true)
bytes=$(administrator --file="$scripts/size-seed.sql") || bytes=0
as_of=$(cat "$DRILL_NOTES/as-of")
told seed succeeded "$SEED is $DATABASE from now on: $tables tables, of rows as they were at $as_of${MASKED:+, masked}. $kept are kept.$late" ",\"dataAsOf\":\"$as_of\",\"bytes\":$bytes"

# shellcheck shell=sh
# Read by scripts that ask PostgreSQL.

# The password is in a file: a container's variables are told to whoever looks at the pod.
PGPASSWORD=$(cat "${SECRETS:-/secrets}/database-password")
export PGPASSWORD PGCONNECT_TIMEOUT=10

# Networks that hold NetworkPolicies learn of a new pod a moment after it runs.
once_server_answers() {
    tries=0
    until pg_isready --quiet; do
        tries=$((tries + 1))
        [ "$tries" -lt 45 ] || fail "The server $PGHOST:$PGPORT does not answer. Fix: look whether it runs, and whether its firewall lets the cluster's nodes in."
        sleep 1
    done
}

ask() {
    psql --no-psqlrc --quiet --no-align --tuples-only --set=ON_ERROR_STOP=1 "$@"
}

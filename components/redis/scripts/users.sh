#!/bin/sh
# Lets a login in, or ends those before it, at each of the servers that run. The keeper's password is in REDISCLI_AUTH, the hash of
# the login's in LOGIN_HASH.
#   users.sh CLIENT admit USER NAME...
#   users.sh CLIENT retire NUMBER SECONDS NAME...
set -eu
client=$1 step=$2
shift 2

# A name may be that of several servers: each has users of its own.
each() {
    name=$1
    tries=0
    until getent ahostsv4 "$name" > /tmp/addresses || getent ahosts "$name" > /tmp/addresses; do
        [ "$((tries += 1))" -lt 45 ] || { echo "$name is not in the cluster's DNS" >&2; return 1; }
        sleep 1
    done
    cut -d ' ' -f 1 /tmp/addresses | sort -u
}

ask() {
    address=$1
    shift
    "$client" --user keeper -h "$address" -e "$@"
}

# Networks that hold NetworkPolicies learn of a new pod a moment after it runs.
reach() {
    tries=0
    until [ "$(ask "$1" PING 2> /tmp/said)" = PONG ]; do
        [ "$((tries += 1))" -lt 45 ] || { cat /tmp/said >&2; echo "$name does not let the keeper in: is it an older server that is still there?" >&2; return 1; }
        sleep 1
    done
}

case $step in
    admit)
        user=$1
        shift
        for host in "$@"; do
            for address in $(each "$host"); do
                name=$host
                reach "$address"
                ask "$address" ACL SETUSER "$user" reset on "#$LOGIN_HASH" "~*" "&*" "+@all" > /dev/null
            done
        done
        ;;
    retire)
        number=$1 seconds=$2 started=$(date -u +%FT%TZ)
        shift 2
        sleep "$seconds"
        retired=0
        for host in "$@"; do
            for address in $(each "$host"); do
                name=$host
                reach "$address"
                for user in $(ask "$address" ACL USERS); do
                    case $user in
                        login-*[!0-9]*) ;;
                        login-*) if [ "${user#login-}" -lt "$number" ]; then ask "$address" ACL DELUSER "$user" > /dev/null; retired=$((retired + 1)); fi ;;
                    esac
                done
                # What was before there were numbers.
                ask "$address" ACL SETUSER default off resetpass > /dev/null
            done
        done
        what="The login of the number $number is the only one: $retired before it ended."
        printf '{"kind":"rotation","store":"%s","started":"%s","ended":"%s","result":"succeeded","what":"%s"}\n' \
            "$STORE" "$started" "$(date -u +%FT%TZ)" "$what" | tee "${TERMINATION_LOG-/dev/termination-log}"
        ;;
esac

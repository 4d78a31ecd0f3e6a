#!/bin/sh
# Lets the logins of a number in at a broker that runs, or ends those before them. As one of the nodes, whose cookie it has.
#   users.sh admit NUMBER DEFINITIONS "APP ..." NODE...
#   users.sh retire NUMBER SECONDS "APP ..." NODE...
set -eu
step=$1 number=$2 argument=$3 apps=$4
shift 4

install -m 0400 "$COOKIE" "$HOME/.erlang.cookie"

# Any of them: what one node knows of users, all know. Networks that hold NetworkPolicies learn of a new pod a moment after it runs.
reach() {
    tries=0
    while [ "$((tries += 1))" -le 30 ]; do
        for node in "$@"; do
            if rabbitmqctl --quiet --longnames --node "$node" list_users --no-table-headers > "$HOME/users" 2> "$HOME/said"; then
                return 0
            fi
        done
        sleep 2
    done
    cat "$HOME/said" >&2
    echo "none of $* answers" >&2
    return 1
}

at_node() {
    rabbitmqctl --quiet --longnames --node "$node" "$@"
}

# The numbers that an app has logins of. What was there before there were numbers counts as -1.
numbers_of() {
    cut -f 1 "$HOME/users" | while read -r user; do
        case $user in
            "$1") echo -1 ;;
            "$1".*[!0-9]*) ;;
            "$1".[0-9]*) echo "${user#"$1".}" ;;
        esac
    done
}

case $step in
    admit)
        reach "$@"
        for app in $apps; do
            for known in $(numbers_of "$app"); do
                if [ "$known" -gt "$number" ]; then
                    echo "the broker has had the login number $known of $app, which is above $number: rotations.broker only rises. Write $known or more" >&2
                    exit 1
                fi
            done
        done
        at_node import_definitions "$argument"
        ;;
    retire)
        started=$(date -u +%FT%TZ)
        sleep "$argument"
        reach "$@"
        retired=0
        for app in $apps; do
            for known in $(numbers_of "$app"); do
                if [ "$known" -lt "$number" ]; then
                    if [ "$known" -lt 0 ]; then user=$app; else user=$app.$known; fi
                    at_node delete_user "$user"
                    retired=$((retired + 1))
                fi
            done
        done
        what="The login of the number $number is the only one: $retired before it ended."
        printf '{"kind":"rotation","store":"%s","started":"%s","ended":"%s","result":"succeeded","what":"%s"}\n' \
            "$STORE" "$started" "$(date -u +%FT%TZ)" "$what" | tee "${TERMINATION_LOG-/dev/termination-log}"
        ;;
esac

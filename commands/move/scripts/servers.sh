# The two servers, as libpq's services `source` and `target`. Passwords are in a file that only this process reads: never in arguments.

# Every session of the mover has this name: a later one ends those of an earlier one that was killed.
readonly application='django-on-kubernetes move'

decoded() {
    local text=${1//\\/\\\\}
    printf '%b' "${text//%/\\x}"
}

# service NAME URL PASSWORD: a section of the service file. postgresql://user:password@host:port/database?sslmode=...
# A password of its own wins, so that an address can be without one.
service() {
    local name=$1 url=$2 password=${3:-} form='^postgres(ql)?://(([^:@/]*)(:([^@/]*))?@)?([^:/?]+)(:([0-9]+))?/([^?]+)(\?(.*))?$' pair
    if ! [[ $url =~ $form ]]; then
        fail "The address of the $name is none. Allowed: postgresql://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=..., with what is no letter or digit in user and password percent-encoded."
    fi
    local user=${BASH_REMATCH[3]} own=${BASH_REMATCH[5]} host=${BASH_REMATCH[6]} port=${BASH_REMATCH[8]:-5432} database=${BASH_REMATCH[9]} query=${BASH_REMATCH[11]}
    [ -n "$password" ] || password=$(decoded "$own")
    {
        printf '[%s]\n' "$name"
        printf 'host=%s\nport=%s\nuser=%s\ndbname=%s\n' "$host" "$port" "$(decoded "$user")" "$(decoded "$database")"
        printf 'password=%s\n' "$password"
        for pair in ${query//&/ }; do
            case $pair in
                sslmode=* | sslrootcert=* | sslcrl=* | channel_binding=* | gssencmode=* | krbsrvname=*)
                    printf '%s=%s\n' "${pair%%=*}" "$(decoded "${pair#*=}")"
                    ;;
            esac
        done
        printf 'connect_timeout=15\nkeepalives_idle=30\nkeepalives_interval=10\nkeepalives_count=4\ntcp_user_timeout=70000\n'
        printf 'application_name=%s\n' "$application"
        # A source that was made read-only is so for new sessions: not for the one that makes it writable again.
        printf 'options=-c default_transaction_read_only=off -c statement_timeout=0 -c lock_timeout=0 -c idle_in_transaction_session_timeout=0 -c client_min_messages=error\n\n'
    } >> "$private/services"
    local length
    length=$(awk '{ if (length > longest) longest = length } END { print longest }' "$private/services")
    [ "$length" -lt 1000 ] || fail "The address of the $name has a part of $length characters. Allowed: 1000."
}

connect_services() {
    umask 077
    : > "$private/services"
    service source "$SOURCE_URL" "${SOURCE_PASSWORD:-}"
    service target "$TARGET_URL" "${TARGET_PASSWORD:-}"
    unset SOURCE_URL SOURCE_PASSWORD TARGET_URL TARGET_PASSWORD
    export PGSERVICEFILE=$private/services PGTZ=UTC PGDATESTYLE=ISO PGCLIENTENCODING=UTF8
    local file
    for file in $(sed -n 's/^sslrootcert=//p' "$private/services"); do
        [ "$file" = system ] || [ -r "$file" ] ||
            fail "The image has no file $file with CA certificates. Name an image that has it with IMAGE=, or give the server's own CA with CA=."
    done
}

# ask SIDE [psql's arguments]: rows without frills. Exit code 2: the connection broke, 3: the server said no. What it said is in the file
# `errors`, which who runs side by side with others has of its own.
ask() {
    local side=$1
    shift
    psql --no-psqlrc --quiet --no-align --tuples-only --field-separator=$'\t' --set=ON_ERROR_STOP=1 --set=VERBOSITY=terse --set=SHOW_CONTEXT=never \
        --dbname="service=$side" "$@" 2>> "$errors"
}

# What was said last, in a line.
said() {
    sed -e 's/^psql:[^:]*:[0-9]*: //' -e 's/^\(psql\|pg_dump\|pg_restore\): error: //' "$errors" | sed '/^ *$/d' | tail -n 3 | tr '\n' ' '
}

# must SIDE [psql's arguments]: as ask, and the end where the server says no. What breaks is asked again. Only for what may be asked twice;
# and its output is taken by an assignment, never inside a condition, which would go on after an end.
must() {
    local attempt code input=''
    # Asked again with the same words.
    [ -t 0 ] || case " $* " in
        *' --command='* | *' --file='*) ;;
        *) input=$(cat) ;;
    esac
    for attempt in 1 2 3 4 5; do
        code=0
        : > "$errors"
        ask "$@" <<< "$input" || code=$?
        [ "$code" -ne 0 ] || return 0
        [ "$code" -eq 2 ] || break
        sleep $((attempt * 3))
    done
    fail "The $1 said: $(said)"
}

# Sessions of a mover that was killed may go on for a while: they end before anything is done anew, so that nothing is done twice.
end_earlier_sessions() {
    local side
    for side in source target; do
        must "$side" --set=application="$application" > /dev/null <<'SQL'
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE application_name = :'application' AND usename = current_user AND datname = current_database() AND pid <> pg_backend_pid();
SQL
        local left=1 attempt
        for attempt in $(seq 1 60); do
            left=$(must "$side" --set=application="$application" <<'SQL'
SELECT count(*) FROM pg_stat_activity
WHERE application_name = :'application' AND usename = current_user AND datname = current_database() AND pid <> pg_backend_pid();
SQL
            )
            [ "$left" -gt 0 ] || break
            sleep 1
        done
        [ "$left" -eq 0 ] || fail "The $side still has $left sessions of an earlier mover that do not end. End them there: select pg_terminate_backend(pid) from pg_stat_activity where application_name = '$application'"
    done
}

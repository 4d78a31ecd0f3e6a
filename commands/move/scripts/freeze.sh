# The source takes no writes while its data are moved: new sessions are read-only by default, and those of before are ended. What was
# done is written down before it is done, so that whoever comes after a kill knows of it and can undo it.

# MOVE_READ_ONLY: database  every role's sessions; needs the database's owner, or a superuser
#                 role      those of the role that is asked as
#                 nothing   the app is stopped by its owner
#                 auto      database where that is allowed, else role

frozen_way() {
    [ -f "$state/read-only" ] && cut -d ' ' -f 1 "$state/read-only"
}

frozen_since() {
    cut -d ' ' -f 2 "$state/read-only"
}

freeze() {
    if [ -f "$state/read-only" ]; then
        say read-only running "the source has been read-only since $(date -u -d "@$(frozen_since)" +%FT%TZ)"
    else
        local way=$MOVE_READ_ONLY owns
        if [ "$way" = auto ]; then
            owns=$(must source --command="SELECT pg_has_role(datdba, 'USAGE') FROM pg_database WHERE datname = current_database()")
            [ "$owns" = t ] && way=database || way=role
        fi
        printf '%s %s\n' "$way" "$(now)" > "$state/read-only.new"
        sync "$state/read-only.new" 2> /dev/null || true
        mv "$state/read-only.new" "$state/read-only"
    fi
    [ "$(frozen_way)" != nothing ] || {
        say read-only 'done' "the source is left as it is: its app is stopped by you"
        return 0
    }
    # Again after a kill: the file may be there, and the setting not yet.
    set_read_only on
    end_writers
    say read-only 'done' "the source takes no writes ($(frozen_way))"
}

# set_read_only on|off
set_read_only() {
    local scope value
    case $(frozen_way) in
        database) scope='DATABASE %1$I' ;;
        role) scope='ROLE %2$I IN DATABASE %1$I' ;;
        *) return 0 ;;
    esac
    [ "$1" = on ] && value='SET default_transaction_read_only = on' || value='RESET default_transaction_read_only'
    # gexec runs what the row says.
    must source --set=form="ALTER $scope $value" <<'SQL'
SELECT format(:'form', current_database(), current_user) \gexec
SQL
}

# Sessions of before the setting; those that may not be ended are named.
end_writers() {
    local since attempt left=''
    since=$(must source --command='SELECT clock_timestamp()')
    for attempt in $(seq 1 20); do
        end_sessions source "$since" || true
        left=$(must source --set=application="$application" --set=since="$since" <<'SQL'
SELECT string_agg(DISTINCT usename::text, ', ') FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
    AND application_name <> :'application' AND backend_start < :'since';
SQL
        )
        [ -n "$left" ] || return 0
        sleep 1
    done
    fail "Sessions of $left on the source began before it was read-only, and this role may not end them. Stop what they belong to; or GRANT pg_signal_backend to the role; or READ_ONLY=nothing, when nothing writes."
}

# end_sessions SIDE TIME: those of others that began before, as far as this role may.
end_sessions() {
    ask "$1" --set=application="$application" --set=since="$2" > /dev/null <<'SQL'
SELECT pg_terminate_backend(activity.pid) FROM pg_stat_activity activity JOIN pg_roles theirs ON theirs.oid = activity.usesysid
    CROSS JOIN (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) own
WHERE activity.datname = current_database() AND activity.pid <> pg_backend_pid() AND activity.backend_type = 'client backend'
    AND activity.application_name <> :'application' AND activity.backend_start < :'since'
    AND (own.rolsuper OR (NOT theirs.rolsuper AND (pg_has_role(theirs.oid, 'USAGE') OR pg_has_role('pg_signal_backend', 'USAGE'))));
SQL
}

# Where the volume that knew of it went with the move, the source says it itself: no move begins at one that had the setting before.
remember_freeze() {
    [ ! -f "$state/read-only" ] || return 0
    local way
    way=$(must source <<'SQL'
SELECT CASE setrole WHEN 0 THEN 'database' ELSE 'role' END FROM pg_db_role_setting
WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND setrole IN (0, (SELECT oid FROM pg_roles WHERE rolname = current_user)) AND 'default_transaction_read_only=on' = ANY (setconfig)
ORDER BY setrole LIMIT 1;
SQL
    )
    [ -z "$way" ] || printf '%s %s\n' "$way" "$(now)" > "$state/read-only"
}

# thaw: as it was before. Sessions that began meanwhile are read-only for as long as they live, so they end too.
thaw() {
    [ -f "$state/read-only" ] || return 0
    set_read_only off
    [ "$(frozen_way)" = nothing ] || end_sessions source infinity || true
    rm -f "$state/read-only"
    # What was copied is older than what is written from now on: the next attempt begins with a dump of its own.
    rm -rf "$state/dump" "$state/dump.partial" "$state/fingerprints"
    printf '%s\n' "$(($(cat "$state/attempt") + 1))" > "$state/attempt"
}

# What is done to the target, exactly once: each step is one transaction, and the row that says it is done is written in it. A kill leaves
# a step done or not begun, and what comes after goes on with those that are left. The rows are in a schema of their own, which goes last.

readonly move_schema=django_on_kubernetes_move

# What was made by another move, or by an app, is nothing that this one may add to.
open_target() {
    local id attempt there found things name others
    id=$(cat "$state/id")
    attempt=$(cat "$state/attempt")
    there=$(must target --command="SELECT to_regclass('$move_schema.move') IS NOT NULL")
    if [ "$there" = t ]; then
        found=$(must target --command="SELECT id, attempt FROM $move_schema.move")
        [ "$found" != "$id"$'\t'"$attempt" ] || return 0
        if [ "${found%$'\t'*}" = "$id" ]; then
            # An attempt that was given up left it there, which is nobody's data: the source has all of it.
            begin_target "$id" "$attempt" true
            return 0
        fi
    fi
    things=$(things_in_target)
    name=$(must target --command='SELECT current_database()')
    if [ -z "$things" ] && [ "$there" = t ]; then
        # Of another move, which had put nothing there yet.
        must target --command="DROP SCHEMA $move_schema CASCADE"
    fi
    if [ -n "$things" ]; then
        [ "$MOVE_CONFIRM" = "$name" ] || fail "The target $name is not empty: $things. To remove all of it first, name it: CONFIRM=$name"
        others=$(must target --set=application="$application" <<'SQL'
SELECT string_agg(DISTINCT usename || ' from ' || coalesce(host(client_addr), 'its own machine'), ', ') FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend' AND application_name <> :'application';
SQL
        )
        [ -z "$others" ] || fail "Somebody is connected to the target, which is to be emptied: $others. Stop the app first: PAUSE=1 does."
        say schema running "removing what is in the target $name: $things"
        begin_target "$id" "$attempt" true
        return 0
    fi
    begin_target "$id" "$attempt" false
}

# The largest tables by name, and how many there are.
things_in_target() {
    must target --set=own="$move_schema" < "$scripts/contents.sql"
}

# begin_target ID ATTEMPT REMOVE
begin_target() {
    local things
    must target --single-transaction --set=own="$move_schema" --set=id="$1" --set=attempt="$2" --set=remove="$3" --file="$scripts/empty.sql" > /dev/null
    things=$(things_in_target)
    [ -z "$things" ] || fail "The role of the target does not own, so may not remove: $things"
}

# Names of the steps that are done.
steps_done() {
    must target --command="SELECT name FROM $move_schema.step"
}

# left_of FILE: its lines whose first word is no step that is done.
left_of() {
    local known="$private/known.$BASHPID"
    steps_done > "$known"
    awk 'FILENAME == ARGV[1] { done[$1]; next } !($1 in done)' "$known" "$1"
    rm -f "$known"
}

# step NAME COMMAND...: what the command prints is run, as one transaction with the row of the step. The command may begin and end a
# transaction itself, as pg_restore does: then its beginning is nothing new, and its end is the end.
step() {
    local name=$1 attempt code known errors="$private/error.$BASHPID"
    shift
    for attempt in 1 2 3 4 5; do
        code=0
        : > "$errors"
        {
            printf "BEGIN;\nINSERT INTO %s.step (name) VALUES ('%s');\n" "$move_schema" "$name"
            "$@" 2>> "$errors" && printf 'COMMIT;\n'
        } | ask target > /dev/null || code=$?
        [ "$code" -ne 0 ] || return 0
        if [ "$code" -eq 2 ]; then
            # Done after all, perhaps, and the answer was lost.
            known=$(must target --command="SELECT count(*) FROM $move_schema.step WHERE name = '$name'")
            [ "$known" = 0 ] || return 0
        else
            # Who lost to another in a deadlock tries again.
            grep -q 'deadlock detected' "$errors" || break
        fi
        sleep $((attempt * 3))
    done
    fail "The step $name: $(said)"
}

# side_by_side COMMAND...: for each line of the input, as many at once as there are jobs.
side_by_side() {
    local line running=0 failed=0
    while IFS= read -r line; do
        if [ "$running" -ge "$MOVE_JOBS" ]; then
            wait -n || failed=1
            running=$((running - 1))
        fi
        [ "$failed" -eq 0 ] || break
        "$@" "$line" < /dev/null &
        running=$((running + 1))
    done
    while [ "$running" -gt 0 ]; do
        wait -n || failed=1
        running=$((running - 1))
    done
    return "$failed"
}

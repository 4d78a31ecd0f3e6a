# The way with little time without writes: PostgreSQL's own logical replication. The target copies every table and follows the source for as
# long as it likes; the cut-over stops writes, waits for the last of them, and sets the sequences. The target's server connects to the
# source by itself, so the mover may end meanwhile.

# A slot's name is one among all of a server.
replica_name() {
    printf '%s_%s' "$move_schema" "$(cut -c 1-8 "$state/id")"
}

check_replication() {
    local theirs=$1 ours=$2 answer role found
    answer=$(must source --command='SHOW wal_level')
    [ "$answer" = logical ] ||
        check wrong "The source's wal_level is $answer. Allowed: logical. ALTER SYSTEM SET wal_level = logical and a restart; on RDS rds.logical_replication = 1, on Cloud SQL cloudsql.logical_decoding = on, each with a restart. Or without MODE=replication."
    answer=$(must source --command="SELECT current_setting('max_replication_slots')::int - (SELECT count(*) FROM pg_replication_slots)")
    [ "$answer" -ge 1 ] || [ -n "$(followed)" ] || check wrong "The source has no replication slot left. Raise max_replication_slots and restart it, or drop slots that nobody reads: SELECT slot_name FROM pg_replication_slots WHERE NOT active"
    role=$(must source --command='SELECT current_user')
    answer=$(must source <<'SQL'
SELECT rolsuper OR rolreplication OR EXISTS (SELECT FROM pg_roles r WHERE r.rolname IN ('rds_replication', 'rds_superuser', 'cloudsqlsuperuser') AND pg_has_role(r.oid, 'USAGE'))
FROM pg_roles WHERE rolname = current_user;
SQL
    )
    [ "$answer" = t ] || check wrong "The role $role may not replicate from the source. As its administrator: ALTER ROLE $role REPLICATION; on RDS: GRANT rds_replication TO $role"
    answer=$(must source --command="SELECT has_database_privilege(current_database(), 'CREATE')")
    [ "$answer" = t ] || check wrong "The role $role may make no publication in the source. As its administrator: GRANT CREATE ON DATABASE ... TO $role"
    found=$(published "AND NOT pg_has_role(c.relowner, 'USAGE')")
    [ -z "$found" ] || check wrong "The role $role does not own, so may not publish: $(some "$found"). Give the address of their owner."
    found=$(published "AND (c.relreplident = 'n' OR c.relreplident = 'd' AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary))")
    [ -z "$found" ] || check wrong "Tables without a primary key cannot be followed when rows of theirs change: $(some "$found"). For each, in the source: ALTER TABLE ... REPLICA IDENTITY FULL, or ADD PRIMARY KEY"
    found=$(must source --command="SELECT format('%I.%I', nspname, relname) FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE relkind = 'r' AND relpersistence = 'u' ORDER BY 1")
    [ -z "$found" ] || check wrong "Unlogged tables are not replicated: $(some "$found"). ALTER TABLE ... SET LOGGED in the source, or without MODE=replication."
    found=$(must source --command='SELECT count(*) FROM pg_largeobject_metadata')
    [ "$found" -eq 0 ] || check wrong "Large objects are not replicated, and the source has $found. Without MODE=replication they are moved."
    role=$(must target --command='SELECT current_user')
    answer=$(must target <<'SQL'
SELECT rolsuper OR EXISTS (SELECT FROM pg_roles r WHERE r.rolname IN ('pg_create_subscription', 'rds_superuser', 'cloudsqlsuperuser') AND pg_has_role(r.oid, 'USAGE'))
FROM pg_roles WHERE rolname = current_user;
SQL
    )
    if [ "$answer" = t ]; then
        check right "PostgreSQL $((theirs / 10000)) can be followed by $((ours / 10000))"
    elif [ "$ours" -ge 160000 ]; then
        check wrong "The role $role may make no subscription in the target. As its administrator: GRANT pg_create_subscription TO $role"
    else
        check wrong "The role $role may make no subscription in the target: before PostgreSQL 16 that takes a superuser. Without MODE=replication it takes none."
    fi
    found=$(sed -n '/^\[source\]/,/^$/p' "$private/services" | sed -n '/^sslrootcert=/p')
    [ -z "$found" ] ||
        check told "the target's server has no file with the source's CA: the connection from it is encrypted, and the certificate is not compared"
}

# published CONDITION: tables that are, or would be, published and that it is true of.
published() {
    must source --set=own="$move_schema" <<SQL
SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND c.relpersistence = 'p' AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', :'own')
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e') ${1:-}
ORDER BY 1;
SQL
}

replicate() {
    checks
    open_target
    if [ ! -d "$state/dump" ]; then
        rm -rf "$state/dump.partial"
        schema_digest > "$state/schema.digest"
        # shellcheck disable=SC2086
        pg_dump --dbname=service=source --schema-only --format=directory --file="$state/dump.partial" $what_is_left_out 2>> "$errors" ||
            fail "The dump of the tables' definitions failed: $(said)"
        mv "$state/dump.partial" "$state/dump"
    fi
    restore_schema
    # Rows are found by their keys when they change; other indexes are quicker made when all rows are there.
    listed post-data | awk '$2 == "CONSTRAINT" { print "later-" $1 " " $1 }' > "$state/keys.steps"
    run_steps indexes 'making keys' restore_later < "$state/keys.steps"
    follow
    wait_for_copies
    restore_indexes
    analyze
    local behind text
    behind=$(lag)
    text="the target follows the source, and is $((behind / 1024)) KiB behind. When you are ready: CUTOVER=1. Until then the source keeps what the target has not read yet: do not leave it for days, and BACK=1 ends it"
    say end 'done' "$text" lagBytes "$behind"
    result succeeded "$text" lagBytes "$behind"
}

# Of all definitions: a migration in between would not be replicated.
schema_digest() {
    # shellcheck disable=SC2086
    pg_dump --dbname=service=source --schema-only $what_is_left_out 2>> "$errors" | grep -v -E '^(\\(un)?restrict|--)' | md5sum | cut -d ' ' -f 1
}

# The subscription's name, if it is there.
followed() {
    must target --set=name="$(replica_name)" <<< "SELECT subname FROM pg_subscription WHERE subname = :'name' AND subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())"
}

follow() {
    local name tables there
    name=$(replica_name)
    there=$(followed)
    [ -z "$there" ] || return 0
    drop_slot "$name"
    must source --set=name="$name" <<< 'DROP PUBLICATION IF EXISTS :"name"'
    tables=$(published | paste -sd , -)
    [ -n "$tables" ] || fail 'The source has no tables to follow.'
    must source --set=name="$name" <<< "CREATE PUBLICATION :\"name\" FOR TABLE $tables"
    # In libpq's words, from a file: nobody sees it in arguments.
    sed -n '/^\[source\]/,/^$/p' "$private/services" | awk -v quote="'" '
        /^(host|port|user|dbname|password|sslmode|connect_timeout|keepalives[a-z_]*)=/ {
            name = $0; sub(/=.*/, "", name); value = substr($0, length(name) + 2)
            if (name == "sslmode" && value ~ /^verify-/) value = "require"
            gsub(/\\/, "\\\\", value); gsub(quote, "\\" quote, value)
            printf "%s=%s%s%s ", name, quote, value, quote
        }' > "$private/conninfo"
    # A statement that fails is written to the server's log, with the password: not where this role may forbid it.
    must target --set=name="$name" --set=file="$private/conninfo" > /dev/null <<'SQL'
\set conninfo `cat :'file'`
SELECT rolsuper AS superuser FROM pg_roles WHERE rolname = current_user \gset
\if :superuser
SET log_min_error_statement = panic;
SET log_statement = none;
SET log_min_duration_statement = -1;
\endif
CREATE SUBSCRIPTION :"name" CONNECTION :'conninfo' PUBLICATION :"name" WITH (create_slot = true, slot_name = :'name', copy_data = true);
SQL
    rm -f "$private/conninfo"
    say follow running 'the target copies every table and follows the source'
}

# One that was made when the mover was killed, and that no subscription reads.
drop_slot() {
    must source --set=name="$1" > /dev/null <<< "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = :'name' AND NOT active"
}

wait_for_copies() {
    local name answer ready all idle=0 worker
    name=$(replica_name)
    while :; do
        answer=$(must target --set=name="$name" <<'SQL'
SELECT count(*) FILTER (WHERE srsubstate = 'r'), count(*), (SELECT count(pid) FROM pg_stat_subscription WHERE subname = :'name')
FROM pg_subscription_rel r JOIN pg_subscription s ON s.oid = r.srsubid WHERE s.subname = :'name';
SQL
        )
        IFS=$'\t' read -r ready all worker <<< "$answer"
        say follow running 'copying tables while the source goes on' 'done' "$ready" of "$all"
        [ "$ready" -lt "$all" ] || break
        [ "$worker" -gt 0 ] && idle=0 || idle=$((idle + 1))
        [ "$idle" -lt 24 ] ||
            fail "The target's server has no worker for the subscription $name for two minutes. Its log says why; most often it does not reach the source, which its own network has to let it."
        sleep 5
    done
    say follow 'done' 'every table is copied, and followed'
}

# Bytes of the source's log that the target has not confirmed.
lag() {
    must source --set=name="$(replica_name)" <<< "SELECT greatest(0, pg_wal_lsn_diff(pg_current_wal_lsn(), confirmed_flush_lsn))::bigint FROM pg_replication_slots WHERE slot_name = :'name'"
}

cut_over() {
    local there
    [ -d "$state/dump" ] || fail 'Nothing follows the source yet. First: MODE=replication without CUTOVER.'
    if [ ! -f "$state/ready" ]; then
        there=$(followed)
        [ -n "$there" ] || fail 'The target has no subscription of this move. Begin anew: BACK=1, then MODE=replication.'
        [ -f "$state/read-only" ] || before_cut_over
        freeze
        wait_for_last_writes
        set_sequences
        hold_snapshot
        printf '%s\n' "$(($(now) - $(frozen_since)))" > "$state/ready.new"
        mv "$state/ready.new" "$state/ready"
        say cutover 'done' 'the target has all of the source: the app may go on there' readOnlySeconds "$(cat "$state/ready")"
    fi
    if [ -n "${snapshot:-}" ]; then
        # Of the moment of the cut-over, whatever the app writes meanwhile.
        compare
    else
        say compare told 'the mover was stopped after the cut-over, and the app may have written since: nothing is compared'
        tables_of source > "$state/source.tsv"
    fi
    stop_following
    refresh_views
    moved
}

before_cut_over() {
    local digest known answer behind attempt
    wait_for_copies
    known=$(cat "$state/schema.digest")
    digest=$(schema_digest)
    [ "$digest" = "$known" ] || fail "The source's tables were changed since the target follows it, which is not replicated: a migration, most likely. Begin anew: BACK=1, then MODE=replication with CONFIRM."
    check_read_only
    [ "$wrong" -eq 0 ] || fail "$wrong of the checks found something to mend; nothing has been changed."
    for attempt in $(seq 1 120); do
        behind=$(lag)
        say follow running 'waiting until the target is close' lagBytes "$behind"
        [ "$behind" -ge 16777216 ] || return 0
        sleep 5
    done
    fail "The target is $((behind / 1048576)) MiB behind and does not come closer. Try again when the source is less busy."
}

# What was written before the source was read-only.
wait_for_last_writes() {
    local last reached attempt
    last=$(must source --command='SELECT pg_current_wal_insert_lsn()')
    for attempt in $(seq 1 300); do
        reached=$(must source --set=name="$(replica_name)" --set=last="$last" <<< "SELECT confirmed_flush_lsn >= :'last'::pg_lsn FROM pg_replication_slots WHERE slot_name = :'name'")
        [ "$reached" != t ] || return 0
        sleep 0.2
    done
    fail 'The target does not get the last writes of the source within a minute.'
}

# What the target has at this moment, for as long as this session is open.
hold_snapshot() {
    local attempt
    mkfifo "$private/hold"
    ask target < "$private/hold" > "$private/snapshot" &
    exec 8> "$private/hold"
    printf 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;\nSELECT pg_export_snapshot();\n' >&8
    for attempt in $(seq 1 50); do
        snapshot=$(cat "$private/snapshot")
        [ -z "$snapshot" ] || return 0
        sleep 0.1
    done
    fail "The target gave no snapshot: $(said)"
}

# Neither end keeps anything of it.
stop_following() {
    local name there attempt
    name=$(replica_name)
    there=$(followed)
    if [ -n "$there" ]; then
        # The slot by itself, so that a source that is not reached from there does not matter.
        must target --set=name="$name" > /dev/null <<'SQL'
ALTER SUBSCRIPTION :"name" DISABLE;
ALTER SUBSCRIPTION :"name" SET (slot_name = NONE);
DROP SUBSCRIPTION :"name";
SQL
    fi
    for attempt in $(seq 1 30); do
        drop_slot "$name"
        there=$(must source --set=name="$name" <<< "SELECT count(*) FROM pg_replication_slots WHERE slot_name = :'name'")
        [ "$there" != 0 ] || break
        sleep 1
    done
    [ "$there" = 0 ] || fail "The source's slot $name is still read by somebody. Drop it when it is not: SELECT pg_drop_replication_slot('$name')"
    must source --set=name="$name" <<< 'DROP PUBLICATION IF EXISTS :"name"'
}

# They are no tables, so nobody replicated them.
refresh_views() {
    must source <<'SQL' > "$private/views.sql"
SELECT format('REFRESH MATERIALIZED VIEW %I.%I;', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'm' AND c.relispopulated
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
-- One that another one reads is older, most often.
ORDER BY c.oid;
SQL
    must target --file="$private/views.sql" > /dev/null
}

# What would go wrong, before anything is changed: each with what is allowed, and what to do.

wrong=0

check() {
    local state=$1 text=$2
    [ "$state" != wrong ] || wrong=$((wrong + 1))
    say check "$state" "$text"
}

# listing TEXT: the first few of the lines.
some() {
    printf '%s\n' "$1" | awk 'NR <= 6 { printf "%s%s", (NR > 1 ? ", " : ""), $0 } NR == 7 { printf ", ..." }'
}

checks() {
    local theirs ours
    theirs=$(must source --command='SHOW server_version_num')
    ours=$(must target --command='SHOW server_version_num')
    check_versions "$theirs" "$ours"
    check_same_database
    check_target
    check_extensions
    check_text
    check_rights
    check_room
    check_what_is_special
    [ "$MOVE_MODE" != replicate ] || check_replication "$theirs" "$ours"
    [ "$wrong" -eq 0 ] || fail "$wrong of the checks found something to mend; nothing has been changed."
}

check_versions() {
    local theirs=$(($1 / 10000)) ours=$(($2 / 10000)) tools
    tools=$(tool_major)
    if [ "$theirs" -lt 10 ]; then
        check wrong "The source is PostgreSQL $theirs. Allowed: 10 or later. Upgrade it first."
    elif [ "$ours" -lt "$theirs" ]; then
        check wrong "The target is PostgreSQL $ours, older than the source, which is $theirs: what a newer version writes, an older one may not read. Make the target with version $theirs or later."
    else
        check right "PostgreSQL $theirs to $ours"
    fi
    [ "$tools" -eq "$ours" ] ||
        check wrong "The mover's programs are of PostgreSQL $tools, and the target is $ours: they have to be the same. IMAGE=docker.io/library/postgres:$ours"
}

check_same_database() {
    local one other
    # When it was made, of a server, and which of its databases.
    one=$(ask source --command="SELECT system_identifier || current_database() FROM pg_control_system()" || true)
    other=$(ask target --command="SELECT system_identifier || current_database() FROM pg_control_system()" || true)
    if [ -n "$one" ] && [ "$one" = "$other" ]; then
        check wrong 'The source and the target are the same database. Look at the address in FROM or TO.'
    fi
}

check_target() {
    local things name there
    there=$(must target --command="SELECT to_regclass('$move_schema.move') IS NOT NULL")
    things=$(things_in_target)
    name=$(must target --command='SELECT current_database()')
    if [ -z "$things" ]; then
        check right "the target $name is empty"
    elif [ "$there" = t ]; then
        local found
        found=$(must target --command="SELECT id FROM $move_schema.move")
        if [ "$found" = "$(cat "$state/id")" ]; then
            check right "the target $name has what this move has put there already"
        elif [ "$MOVE_CONFIRM" != "$name" ]; then
            check wrong "The target $name has what another move left there, which did not end: $things. To remove all of it first, name it: CONFIRM=$name"
        fi
    elif [ "$MOVE_CONFIRM" = "$name" ]; then
        check told "The target $name is not empty, and is emptied: $things"
    else
        check wrong "The target $name is not empty: $things. To remove all of it first, name it: CONFIRM=$name"
    fi
}

# What the source uses, the target has to have, and this role has to be allowed to make.
check_extensions() {
    local wanted name version answer role
    wanted=$(must source --command="SELECT extname, extversion FROM pg_extension WHERE extname <> 'plpgsql' ORDER BY 1")
    [ -n "$wanted" ] || {
        check right 'the source has no extensions'
        return 0
    }
    role=$(must target --command='SELECT current_user')
    while IFS=$'\t' read -r name version; do
        answer=$(must target --set=name="$name" <<'SQL'
SELECT CASE
    WHEN EXISTS (SELECT FROM pg_extension WHERE extname = :'name') THEN 'there'
    WHEN NOT EXISTS (SELECT FROM pg_available_extensions WHERE name = :'name') THEN 'unknown'
    WHEN (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN 'may'
    WHEN EXISTS (SELECT FROM pg_available_extension_versions v JOIN pg_available_extensions e ON e.name = v.name AND e.default_version = v.version
        WHERE v.name = :'name' AND (NOT v.superuser OR coalesce((to_jsonb(v) ->> 'trusted')::boolean, false)))
        AND has_database_privilege(current_database(), 'CREATE') THEN 'may'
    ELSE 'may not'
END;
SQL
        )
        case $answer in
            there | may) check right "extension $name" ;;
            unknown) check wrong "The target's server has no extension $name ($version), which the source uses. Install or allow it there, or drop it in the source: DROP EXTENSION $name" ;;
            *) check wrong "The role $role may not make the extension $name. As the target's administrator: CREATE EXTENSION $name" ;;
        esac
    done <<< "$wanted"
}

check_text() {
    local one other missing
    one=$(must source --command="SELECT pg_encoding_to_char(encoding), datcollate, datctype FROM pg_database WHERE datname = current_database()")
    other=$(must target --command="SELECT pg_encoding_to_char(encoding), datcollate, datctype FROM pg_database WHERE datname = current_database()")
    local theirs=${one%%$'\t'*} ours=${other%%$'\t'*}
    if [ "$theirs" = SQL_ASCII ] && [ "$ours" != SQL_ASCII ]; then
        check wrong "The source's encoding is SQL_ASCII, so its bytes may be in any. Make the target's database with ENCODING 'SQL_ASCII' TEMPLATE template0, or mend the source's text."
    elif [ "$theirs" != "$ours" ] && [ "$ours" != UTF8 ]; then
        check wrong "The source's encoding is $theirs and the target's $ours, which may lack characters. Allowed: the same, or UTF8."
    else
        check right "encoding $theirs to $ours"
    fi
    if [ "${one#*$'\t'}" != "${other#*$'\t'}" ]; then
        check told "text is sorted by ${other#*$'\t'} instead of ${one#*$'\t'} (collation, ctype): indexes are made anew, so nothing breaks; lists may come in another order"
    fi
    missing=$(must source <<'SQL'
SELECT DISTINCT format('%s.%s', n.nspname, c.collname)
FROM pg_attribute a JOIN pg_collation c ON c.oid = a.attcollation JOIN pg_namespace n ON n.oid = c.collnamespace
    JOIN pg_class t ON t.oid = a.attrelid JOIN pg_namespace tn ON tn.oid = t.relnamespace
WHERE n.nspname = 'pg_catalog' AND c.collname NOT IN ('default', 'C', 'POSIX') AND tn.nspname !~ '^pg_' AND tn.nspname <> 'information_schema';
SQL
    )
    local name known
    while IFS= read -r name; do
        [ -n "$name" ] || continue
        known=$(must target --set=name="${name#*.}" <<< "SELECT count(*) FROM pg_collation WHERE collname = :'name' AND collnamespace = 'pg_catalog'::regnamespace")
        [ "$known" -gt 0 ] ||
            check wrong "Columns of the source sort by ${name#*.}, which the target's server does not know. Choose another image or server, or ALTER those columns in the source."
    done <<< "$missing"
}

check_rights() {
    local unreadable owners may role
    unreadable=$(must source <<'SQL'
SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'S', 'm') AND c.relpersistence <> 't' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND NOT (has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT')) ORDER BY 1;
SQL
    )
    role=$(must source --command='SELECT current_user')
    if [ -n "$unreadable" ]; then
        check wrong "The role $role may not read in the source: $(some "$unreadable"). As their owner: GRANT pg_read_all_data TO $role (PostgreSQL 14 or later), or GRANT SELECT ON ... TO $role"
    else
        check right "the role $role may read every table of the source"
    fi
    unreadable=$(must source <<'SQL'
SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relrowsecurity AND row_security_active(c.oid) ORDER BY 1;
SQL
    )
    [ -z "$unreadable" ] || check wrong "Row security hides rows of $(some "$unreadable") from $role. Give an address of their owner, or of a role with BYPASSRLS."
    owners=$(must source <<'SQL'
SELECT DISTINCT pg_get_userbyid(c.relowner) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ORDER BY 1;
SQL
    )
    role=$(must target --command='SELECT current_user')
    check told "everything belongs to $role afterwards (in the source: $(some "$owners")); grants to other roles are not moved"
    may=$(must target --command="SELECT has_database_privilege(current_database(), 'CREATE')")
    [ "$may" = t ] || check wrong "The role $role may make no schemas in the target. As its administrator: GRANT CREATE ON DATABASE $(must target --command='SELECT quote_ident(current_database())') TO $role"
    may=$(must target --command="SELECT has_schema_privilege('public', 'CREATE')")
    [ "$may" = t ] || check wrong "The role $role may make nothing in the target's schema public. As its administrator: GRANT CREATE ON SCHEMA public TO $role"
}

check_room() {
    local size free
    size=$(must source --command="SELECT coalesce(sum(pg_table_size(oid)), 0)::bigint FROM pg_class WHERE relkind IN ('r', 'm') AND relpersistence <> 't'")
    if [ "$MOVE_MODE" = replicate ]; then
        check right "the source's tables have $((size / 1048576)) MiB; the target needs as much, and its indexes"
        return 0
    fi
    free=$(($(df --output=avail --block-size=1 "$state" 2> /dev/null | tail -n 1) + $(bytes_of "$state")))
    if [ "$free" -lt "$size" ]; then
        check wrong "The mover's volume has $((free / 1048576)) MiB free, and the source's tables have $((size / 1048576)) MiB. BACK=1 removes the volume; then name a larger one: STORAGE=$((size / 1073741824 + 2))Gi"
    else
        check right "the source's tables have $((size / 1048576)) MiB; the mover's volume has room for their dump, and the target needs as much, and room for indexes"
    fi
}

check_what_is_special() {
    local found
    found=$(must source --command='SELECT count(*) FROM pg_largeobject_metadata')
    [ "$found" -eq 0 ] || check told "$found large objects are moved too; they are not compared"
    found=$(must source --command="SELECT format('%I.%I', nspname, relname) FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE relkind = 'r' AND relpersistence = 'u' ORDER BY 1")
    [ -z "$found" ] || check told "unlogged tables stay unlogged, and are empty after a crash of the server: $(some "$found")"
    found=$(must source --command="SELECT evtname FROM pg_event_trigger t WHERE NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = t.oid AND d.deptype = 'e') ORDER BY 1")
    if [ -n "$found" ] && [ "$(must target --command='SELECT rolsuper FROM pg_roles WHERE rolname = current_user')" != t ]; then
        check wrong "Event triggers need a superuser in the target: $(some "$found"). Drop them in the source: DROP EVENT TRIGGER ..."
    fi
    found=$(must source --command="SELECT srvname FROM pg_foreign_server ORDER BY 1")
    [ -z "$found" ] || check told "foreign servers are moved without who logs in there: $(some "$found")"
    [ -f "$state/read-only" ] || [ "$MOVE_READ_ONLY" = nothing ] || [ "$MOVE_MODE" = replicate ] || check_read_only
}

check_read_only() {
    local set owns others role
    set=$(must source <<'SQL'
SELECT count(*) FROM pg_db_role_setting s WHERE setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
    AND setrole IN (0, (SELECT oid FROM pg_roles WHERE rolname = current_user)) AND EXISTS (SELECT FROM unnest(setconfig) c WHERE c LIKE 'default_transaction_read_only=%');
SQL
    )
    [ "$set" -eq 0 ] ||
        check wrong 'The source has default_transaction_read_only set already, and the move would reset it. Reset it yourself (ALTER DATABASE ... RESET default_transaction_read_only), or READ_ONLY=nothing when nothing writes.'
    owns=$(must source --command="SELECT pg_has_role(datdba, 'USAGE') FROM pg_database WHERE datname = current_database()")
    role=$(must source --command='SELECT current_user')
    if [ "$MOVE_READ_ONLY" = database ] && [ "$owns" != t ]; then
        check wrong "The role $role does not own the source's database, so it cannot make it read-only. Give its owner's address, or READ_ONLY=role for its own sessions, or READ_ONLY=nothing when nothing writes."
        return 0
    fi
    if [ "$owns" = t ] && [ "$MOVE_READ_ONLY" != role ]; then
        check right 'the source is made read-only for every role while its data are moved'
        return 0
    fi
    others=$(must source --set=application="$application" <<'SQL'
SELECT DISTINCT usename FROM pg_stat_activity
WHERE datname = current_database() AND usename <> current_user AND backend_type = 'client backend' AND application_name <> :'application' ORDER BY 1;
SQL
    )
    if [ -n "$others" ]; then
        check wrong "Others than $role are connected to the source, which it cannot stop from writing: $(some "$others"). Give the address of the database's owner, or end them and READ_ONLY=nothing."
    else
        check right "the source is made read-only for $role while its data are moved"
    fi
}

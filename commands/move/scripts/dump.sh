# The usual way: a dump of the source on the volume, in parallel and of one moment, and from it into the target in steps.

dump() {
    [ ! -d "$state/dump" ] || {
        say dump 'done' "the dump is there" bytes "$(bytes_of "$state/dump")"
        return 0
    }
    rm -rf "$state/dump.partial"
    local size begun watcher code=0 compression=1
    size=$(must source --command='SELECT sum(pg_table_size(oid))::bigint FROM pg_class WHERE relkind IN ('"'r', 'm'"') AND relpersistence <> '"'t'")
    begun=$(now)
    # Quicker than gzip many times over; what is older than 16 has gzip alone.
    [ "$(tool_major)" -lt 16 ] || compression=lz4
    watch_size "$state/dump.partial" "$size" &
    watcher=$!
    : > "$errors"
    # shellcheck disable=SC2086
    pg_dump --dbname=service=source --format=directory --file="$state/dump.partial" --jobs="$MOVE_JOBS" --compress="$compression" $what_is_left_out 2>> "$errors" ||
        code=$?
    kill "$watcher" 2> /dev/null || true
    wait "$watcher" 2> /dev/null || true
    [ "$code" -eq 0 ] || fail "The dump failed: $(said)"
    mv "$state/dump.partial" "$state/dump"
    say dump 'done' "dumped in $(($(now) - begun)) s" bytes "$(bytes_of "$state/dump")"
}

# Owners and rights are the target's own; so are tablespaces, and who subscribes to what.
readonly what_is_left_out='--no-owner --no-privileges --no-tablespaces --no-publications --no-subscriptions --no-security-labels'

bytes_of() {
    du --summarize --bytes "$1" 2> /dev/null | cut -f 1
}

watch_size() {
    while sleep 5; do
        say dump running 'dumping' bytes "$(bytes_of "$1" || echo 0)" ofBytes "${2:-0}"
    done
}

tool_major() {
    pg_dump --version | sed -E 's/^[^0-9]*([0-9]+).*/\1/'
}

# restored SECTION LIST-FILE: the SQL of those entries, as one transaction.
restored() {
    # shellcheck disable=SC2086
    pg_restore --single-transaction --section="$1" --use-list="$2" --file=- $what_is_left_out "$state/dump"
}

# listed SECTION: "number kind..." of each entry, in an order that serves dependencies.
listed() {
    # Schema public, what is said of it, and of extensions, are the target's own.
    pg_restore --list --section="$1" "$state/dump" |
        sed -n -E 's/^([0-9]+); [0-9]+ [0-9]+ (.*)$/\1 \2/p' |
        grep -v -E '^[0-9]+ (SCHEMA - public |COMMENT - SCHEMA public |COMMENT - EXTENSION )' || true
}

restore_schema() {
    listed pre-data | sed 's/ /; 0 0 /' > "$state/schema.list"
    printf 'schema\n' > "$state/schema.steps"
    [ -z "$(left_of "$state/schema.steps")" ] || {
        say schema running 'making tables, types, functions' done 0 of "$(wc -l < "$state/schema.list")"
        step schema restored pre-data "$state/schema.list"
    }
    say schema 'done' 'tables, types, functions are there'
}

restore_data() {
    # Tables by size, so that the largest does not begin last. The dump's own list has no sizes; its files have.
    listed data > "$private/data"
    : > "$state/data.steps"
    local number kind rest
    while read -r number kind rest; do
        case "$kind $rest" in
            'TABLE DATA '*) printf '%s data-%s %s\n' "$(stat -c %s "$state/dump/$number".dat* 2> /dev/null || echo 0)" "$number" "$number" ;;
        esac
    done < "$private/data" | sort -rn | cut -d ' ' -f 2- > "$state/data.steps"
    awk '$2 " " $3 != "TABLE DATA" && $2 " " $3 != "SEQUENCE SET" { print $1 "; 0 0 " substr($0, length($1) + 2) }' "$private/data" > "$state/objects.list"
    [ ! -s "$state/objects.list" ] || printf 'objects -\n' >> "$state/data.steps"
    run_steps data 'copying rows' restore_table < "$state/data.steps"
    say data 'done' 'all rows are there'
}

# restore_table "STEP NUMBER"
restore_table() {
    local name=${1% *} number=${1#* } list
    list=$private/list.$BASHPID
    if [ "$number" = - ]; then
        # Large objects.
        cp "$state/objects.list" "$list"
    else
        printf '%s; 0 0 TABLE DATA\n' "$number" > "$list"
    fi
    step "$name" restored data "$list"
    rm -f "$list"
}

# Keys and indexes side by side, each by itself; what needs them follows in its order.
restore_indexes() {
    listed post-data > "$private/later"
    awk '$2 == "INDEX" && $3 != "ATTACH" || $2 == "CONSTRAINT" { print "later-" $1 " " $1 }' "$private/later" > "$state/indexes.steps"
    run_steps indexes 'making keys and indexes' restore_later < "$state/indexes.steps"
    awk '!($2 == "INDEX" && $3 != "ATTACH" || $2 == "CONSTRAINT") { print "later-" $1 " " $1 }' "$private/later" > "$state/rest.steps"
    MOVE_JOBS=1 run_steps indexes 'making references and triggers' restore_later < "$state/rest.steps"
    say indexes 'done' 'keys, indexes, references and triggers are there'
}

restore_later() {
    local name=${1% *} number=${1#* } list
    list=$private/list.$BASHPID
    printf '%s; 0 0 LATER\n' "$number" > "$list"
    step "$name" restored post-data "$list"
    rm -f "$list"
}

# run_steps PHASE TEXT COMMAND: of the steps of the input, "name what-the-command-takes", those that are left.
run_steps() {
    local phase=$1 text=$2 command=$3 all left
    cat > "$private/steps"
    all=$(wc -l < "$private/steps")
    left_of "$private/steps" > "$private/left"
    left=$(wc -l < "$private/left")
    say "$phase" running "$text" done $((all - left)) of "$all"
    [ "$left" -gt 0 ] || return 0
    count_steps "$phase" "$text" "$private/steps" "$all" &
    local watcher=$!
    # In a shell of its own, which waits for none but its own.
    (side_by_side "$command" < "$private/left")
    kill "$watcher" 2> /dev/null || true
    wait "$watcher" 2> /dev/null || true
    say "$phase" running "$text" done "$all" of "$all"
}

count_steps() {
    local left
    while sleep 5; do
        left=$(left_of "$3" 2> /dev/null | wc -l) || continue
        say "$1" running "$2" done $(($4 - left)) of "$4"
    done
}

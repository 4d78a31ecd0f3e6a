# Whether the target has what the source has: for each table the number of rows and a sum over the digests of all, whatever their order, and
# for each sequence where it stands.

# tables_of SIDE: names as SQL writes them, the largest first. What extensions own is theirs.
tables_of() {
    must "$1" --set=own="$move_schema" <<'SQL'
SELECT format('%I.%I', n.nspname, c.relname)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', :'own')
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
ORDER BY pg_table_size(c.oid) DESC, 1;
SQL
}

# fingerprints SIDE: those that are not there yet, into a file for each table. Digests by MD5, which is the same in every version and on
# every processor; the text of a row depends on these settings alone.
fingerprints() {
    local side=$1 tables
    mkdir -p "$state/fingerprints/$side"
    tables=$(tables_of "$side")
    [ -n "$tables" ] || return 0
    printf '%s\n' "$tables" | side_by_side fingerprint "$side"
}

fingerprint() {
    local side=$1 table=$2 file result of='' errors="$private/error.$BASHPID"
    [ "$side" = source ] || of=${snapshot:-}
    file=$state/fingerprints/$side/$(printf '%s' "$table" | md5sum | cut -d ' ' -f 1)
    [ ! -s "$file" ] || return 0
    result=$(
        must "$side" --set=digits="$float_digits" --set=snapshot="$of" <<SQL
SELECT :'snapshot' <> '' AS given \\gset
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
\\if :given
SET TRANSACTION SNAPSHOT :'snapshot';
\\endif
SET LOCAL extra_float_digits = :digits;
SET LOCAL IntervalStyle = 'iso_8601';
SET LOCAL bytea_output = 'hex';
SET LOCAL lc_monetary = 'C';
SET LOCAL xmlbinary = 'base64';
SET LOCAL search_path = pg_catalog;
SET LOCAL row_security = off;
SELECT count(*) || ' ' || coalesce(sum(('x' || substr(md5(moved_row::text), 1, 16))::bit(64)::bigint::numeric), 0) FROM ONLY $table AS moved_row;
COMMIT;
SQL
    )
    printf '%s\t%s\n' "$table" "$result" > "$file.new"
    mv "$file.new" "$file"
}

# The shortest text that reads back as the same number, from version 12 on; before it another one, so then fifteen digits on both sides.
choose_float_digits() {
    local version
    version=$(must source --command='SHOW server_version_num')
    [ "$version" -ge 120000 ] && float_digits=1 || float_digits=0
}

# sequences_of SIDE: "name last called"
sequences_of() {
    must "$1" --set=own="$move_schema" <<'SQL'
SELECT format('SELECT %L, last_value, is_called FROM %I.%I', format('%I.%I', schemaname, sequencename), schemaname, sequencename)
FROM pg_sequences WHERE schemaname <> :'own' ORDER BY schemaname, sequencename \gexec
SQL
}

# Values go on where they stood; a dump has them too, and this sets what is set already.
set_sequences() {
    sequences_of source > "$state/sequences.source"
    awk -F '\t' -v quote="'" '{ gsub(quote, quote quote, $1); printf "SELECT pg_catalog.setval(%s%s%s, %s, %s);\n", quote, $1, quote, $2, ($3 == "t" ? "true" : "false") }' \
        "$state/sequences.source" > "$private/sequences.sql"
    must target --single-transaction --file="$private/sequences.sql" > /dev/null
    say sequences 'done' "$(wc -l < "$state/sequences.source") sequences go on where they stood"
}

# Of a source that takes no writes they are made while its data are on their way.
start_source_fingerprints() {
    [ -z "${fingerprinting:-}" ] || return 0
    MOVE_JOBS=1 fingerprints source &
    fingerprinting=$!
}

wait_for_source_fingerprints() {
    start_source_fingerprints
    wait "$fingerprinting"
}

# compare: ends with what differs, if anything does.
compare() {
    local begun differing tables rows
    begun=$(now)
    say compare running 'counting and adding up rows on both sides'
    wait_for_source_fingerprints
    rm -rf "$state/fingerprints/target"
    (fingerprints target)
    cat "$state/fingerprints/source"/* 2> /dev/null | sort > "$state/source.tsv" || true
    cat "$state/fingerprints/target"/* 2> /dev/null | sort > "$state/target.tsv" || true
    sequences_of source | sort > "$state/sequences.source"
    sequences_of target | sort > "$state/sequences.target"
    differing=$(
        {
            difference "$state/source.tsv" "$state/target.tsv"
            difference "$state/sequences.source" "$state/sequences.target"
        } | head -n 20
    )
    tables=$(wc -l < "$state/source.tsv")
    rows=$(awk -F '[\t ]' '{ sum += $2 } END { printf "%.0f", sum }' "$state/source.tsv")
    [ -z "$differing" ] || fail "The target differs from the source: $differing"
    say compare 'done' "$tables tables with $rows rows and $(wc -l < "$state/sequences.source") sequences are the same, in $(($(now) - begun)) s" \
        tables "$tables" rows "$rows" sequences "$(wc -l < "$state/sequences.source")"
}

# difference SOURCE TARGET: a line for each name that is not the same in both.
difference() {
    awk -F '\t' '
        { name = $1; value = substr($0, length($1) + 2); gsub(/\t/, " ", value) }
        FILENAME == ARGV[1] { source[name] = value; next }
        { target[name] = value }
        END {
            for (name in source)
                if (!(name in target)) print name " is missing in the target;"
                else if (source[name] != target[name]) {
                    split(source[name], one, " "); split(target[name], other, " ")
                    print name " has " (one[1] == other[1] ? "other values than the source (" one[1] ");" : other[1] " instead of " one[1] ";")
                }
            for (name in target) if (!(name in source)) print name " is not in the source;"
        }' "$1" "$2"
}

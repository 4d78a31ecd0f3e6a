# What the steps of a drill have in common, read by each: notes for the steps after it, and what is said at the end, as one line of JSON in
# the log and in the termination message. Plain sh: the images have different shells.
# shellcheck shell=sh

# Words of tools are compared.
export LC_ALL=C
# The app's container is another user, of the same group.
umask 0002
: "${DRILL_NOTES:=/notes}" "${DRILL_MESSAGE:=/dev/termination-log}"

note() { printf '%s\n' "$2" > "$DRILL_NOTES/$1"; }

noted() { cat "$DRILL_NOTES/$1" 2> /dev/null || true; }

# Of seconds since 1970.
moment() { date -u -d "@$1" +%Y-%m-%dT%H:%M:%SZ; }

hours() { echo "$(($1 / 3600)) h"; }

# What a tool wrote, as one line without what no terminal shows: with a wrong key pgBackRest prints what it could not read.
plain() { tr -cd '\11\12\40-\176' | tr '\n\t' '  ' | sed 's/  */ /g; s/^ //; s/ $//' | cut -c "1-${1:-300}"; }

# As JSON has texts.
quoted() { printf '"%s"' "$(printf '%s' "$1" | tr -d '\000-\010\013-\037\177' | tr '\n\t' '  ' | sed 's/\\/\\\\/g; s/"/\\"/g')"; }

# check NAME true|false FOUND
check() {
    printf '{"name":%s,"ok":%s,"found":%s}\n' "$(quoted "$1")" "$2" "$(quoted "$(printf '%s' "$3" | cut -c 1-200)")" >> "$DRILL_NOTES/checks"
}

# say succeeded|failed SENTENCE
say() {
    begun=$(noted started)
    now=$(date +%s)
    as_of=$(noted as-of)
    bytes=$(noted bytes)
    checks=$(noted checks | paste -s -d , -)
    # A message has 4096 bytes; of many checks those that failed are told, and the log of each step has the others.
    if [ "${#checks}" -gt 3000 ]; then
        checks=$(noted checks | grep '"ok":false' | paste -s -d , - | cut -c 1-3000)
        case $checks in *'}') ;; *) checks='' ;; esac
    fi
    line=$(printf '{"kind":"drill","store":%s,"started":"%s","ended":"%s","result":"%s","what":%s%s%s,"checks":[%s]}' \
        "$(quoted "$STORE")" "$(moment "${begun:-$now}")" "$(moment "$now")" "$1" "$(quoted "$(printf '%s' "$2" | cut -c 1-700)")" \
        "${as_of:+,\"dataAsOf\":\"$as_of\"}" "${bytes:+,\"bytes\":$bytes}" "$checks")
    printf '%s\n' "$line"
    printf '%s\n' "$line" > "$DRILL_MESSAGE"
}

# fail CHECK SENTENCE: what was found, and the fix.
fail() {
    check "$1" false "$2"
    say failed "$2"
    exit 1
}

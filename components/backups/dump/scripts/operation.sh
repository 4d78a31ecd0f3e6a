# shellcheck shell=sh
# Read by the other scripts: what is told of a dump or a restore (lib/data-operations.ts), in the log and in the container's
# termination message. POSIX sh, for images that have no more.
started=$(date -u +%Y-%m-%dT%H:%M:%SZ)
message=${TERMINATION_LOG:-/dev/termination-log}

# On standard error: what a script prints may be read by another.
say() {
    echo "$*" >&2
}

# A sentence as the inside of a string of JSON; a message has 4096 bytes for all.
quoted() {
    printf '%s' "$1" | tr '\n\t' '  ' | tr -d '\000-\037\177' | cut -c 1-1500 | sed 's/[\\"]/\\&/g'
}

# told KIND RESULT SENTENCE [MORE OF THE OBJECT]
told() {
    line=$(printf '{"kind":"%s","store":"%s","started":"%s","ended":"%s","result":"%s","what":"%s"%s}' \
        "$1" "$STORE" "$started" "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$2" "$(quoted "$3")" "${4:-}")
    echo "$line"
    echo "$line" > "$message"
}

# Ends the script: what was wrong, and the fix.
fail() {
    told "$KIND" failed "$*"
    exit 1
}

# The last lines of what a program said, for a sentence.
last_words() {
    tail -n 3 "$1" | tr '\n' ' '
}

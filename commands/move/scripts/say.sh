# What the mover says: one line of JSON for each thing that happened, for the command that follows its log and for people. No row, no
# password and no address is among it: what a server says is said without its context.

# A string of JSON.
quoted() {
    local text=$1
    text=${text//\\/\\\\}
    text=${text//\"/\\\"}
    text=${text//$'\t'/ }
    text=${text//$'\r'/}
    text=${text//$'\n'/\\n}
    printf '"%s"' "$text"
}

# say PHASE STATE TEXT [NAME NUMBER]...
#   PHASE  check, read-only, dump, schema, data, indexes, follow, sequences, analyze, compare, end
#   STATE  running, done, failed; of a check right, told, wrong
say() {
    local phase=$1 state=$2 text=$3 more=''
    shift 3
    while [ $# -ge 2 ]; do
        more+=",\"$1\":$2"
        shift 2
    done
    # One write, so that lines of processes side by side do not mix.
    printf '%s\n' "{\"time\":\"$(date -u +%FT%TZ)\",\"phase\":\"$phase\",\"state\":\"$state\",\"text\":$(quoted "$text")$more}"
}

now() {
    date +%s
}

# fail TEXT: ends this process, or the part of it that runs beside others; the last one to speak is what the end tells.
fail() {
    printf '%s' "$1" > "$private/failure"
    exit 1
}

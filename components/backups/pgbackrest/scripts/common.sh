# What the scripts of pgBackRest have in common.

# Text as JSON: control characters become spaces.
json() {
    local text=${1//\\/\\\\}
    text=${text//\"/\\\"}
    printf '"%s"' "${text//[[:cntrl:]]/ }"
}

# Whole or not at all, for who reads meanwhile.
write_state() {
    printf '%s\n' "$2" >"$HANDOVER/$1.new" && mv "$HANDOVER/$1.new" "$HANDOVER/$1"
}

# The backups in what `pgbackrest info --output=json` prints, a line for each: label, type, start, stop, good or error. The image need
# not have more than bash.
backups_in() {
    local rest=$1 pattern error
    pattern='"error":(true|false|null)[^]]*"label":"([0-9FDI_-]+)".*'
    while [[ $rest == *'"label":"'* ]]; do
        # Of a backup come first, in the order of the alphabet, archive, database, error; then label; then timestamp and type.
        error=${rest%%\"label\":\"*}
        error=${error##*\"error\":}
        error=${error%%,*}
        rest=${rest#*\"label\":\"}
        local label=${rest%%\"*} of=${rest%%\"label\":\"*}
        pattern='"timestamp":\{"start":([0-9]+),"stop":([0-9]+)\},"type":"(full|diff|incr)"'
        [[ $of =~ $pattern ]] || continue
        [ "$error" = true ] && error=error || error=good
        printf '%s %s %s %s %s\n' "$label" "${BASH_REMATCH[3]}" "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}" "$error"
    done
}

# The same of every stanza, with its name in front.
backups_of_all() {
    local rest=$1 part name
    # Each stanza ends with its name and its status.
    while [[ $rest == *'"name":"'* ]]; do
        part=${rest%%\"name\":\"*}
        rest=${rest#*\"name\":\"}
        name=${rest%%\"*}
        while read -r line; do
            printf '%s %s\n' "$name" "$line"
        done < <(backups_in "$part")
    done
}

utc() { date -u -d "@$1" +%Y-%m-%dT%H:%M:%SZ; }

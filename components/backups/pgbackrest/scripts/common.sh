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

# Of what pgBackRest says when it fails, what went wrong: not the headers of a request, which are others each time.
brief() {
    local text=$1 line result= code=
    text=${text//\\n/$'\n'}
    if [[ $text =~ \<Code\>([A-Za-z]+)\</Code\>[[:space:]]*\<Message\>([^<]*) ]]; then
        code=": ${BASH_REMATCH[1]}: ${BASH_REMATCH[2]}"
    elif [[ $text =~ \<Code\>([A-Za-z]+)\< ]]; then
        code=": ${BASH_REMATCH[1]}"
    fi
    while IFS= read -r line; do
        case $line in
        *'*** '*) break ;;
        ?*) result="$result${result:+ }${line#"${line%%[![:space:]]*}"}" ;;
        esac
    done <<<"$text"
    printf '%s' "${result%:}$code"
}

# What is at a folder as JSON, of one stanza or of all. pgBackRest calls it a success when nothing can be read: code 99, with the reason.
info() {
    local output
    output=$(pgbackrest --repo1-path="/$1" ${2:+--stanza="$2"} --output=json info 2>&1) || {
        brief "$output"
        return 1
    }
    if [[ $output == *'"code":99'* ]]; then
        local found='"code":99,"message":"(\[([^"\\]|\\.)*)"'
        [[ $output =~ $found ]] && output=${BASH_REMATCH[1]//\\\"/\"}
        brief "$output"
        return 1
    fi
    printf '%s\n' "$output"
}

# The backups in what `pgbackrest info --output=json` prints, a line for each: label, type, start, stop, good or error. The image need
# not have more than bash.
backups_in() {
    local rest=$1 pattern error
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

# When the last segment of a stanza's log came into the folder, in seconds; 0 where none is there. Folders and segments are named in
# the order of timelines, so the last folder has it.
archived_until() {
    local at="archive/$2" name part rest last=0
    for part in version log; do
        name=
        while read -r rest; do
            case $rest in *.*) ;; ?*) name=$rest ;; esac
        done < <(pgbackrest --repo1-path="/$1" repo-ls "$at" 2>/dev/null)
        [ -n "$name" ] || break
        at="$at/$name"
    done
    [ -n "$name" ] && rest=$(pgbackrest --repo1-path="/$1" --output=json repo-ls "$at" 2>/dev/null) || rest=
    while [[ $rest =~ \"time\":([0-9]+) ]]; do
        [ "${BASH_REMATCH[1]}" -le "$last" ] || last=${BASH_REMATCH[1]}
        rest=${rest#*\"time\":"${BASH_REMATCH[1]}"}
    done
    printf '%s' "$last"
}

utc() { date -u -d "@$1" +%Y-%m-%dT%H:%M:%SZ; }

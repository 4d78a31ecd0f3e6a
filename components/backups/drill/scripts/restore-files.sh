#!/bin/sh
# The first step of a drill: the last backup, from the repository into a directory that is thrown away.
set -eu
. "${SCRIPTS:-/scripts}/say.sh"
note started "$(date +%s)"

# Of the JSON of pgBackRest the last value of a key: the last backup stands last.
last() { printf '%s' "$info" | grep -o "\"$1\":$2" | tail -n 1 | sed 's/^"[a-z]*"://; s/"//g'; }

info=$(pgbackrest --stanza="$STANZA" --output=json info 2> "$DRILL_NOTES/errors" | tr -cd '\40-\176') ||
    fail repository "The repository cannot be read: $(plain < "$DRILL_NOTES/errors")"
code=$(printf '%s' "$info" | grep -o '"status":{"code":[0-9]*' | head -n 1 | grep -o '[0-9]*$' || true)
case $code in
    0) ;;
    1 | 2 | 3)
        fail repository "There is no backup in $REPOSITORY: nothing could be restored. Fix: see why none is made in the log of the database's container backups; where the bucket or its prefix was changed, the backups are at the former place."
        ;;
    *)
        case $info in
            *FormatError* | *CryptoError*)
                fail key "The passphrase does not open $REPOSITORY: its backups were encrypted with another one. Fix: set secrets.databaseBackupsPassphrase to the one they were made with; without it they cannot be read."
                ;;
        esac
        fail repository "The repository at $REPOSITORY cannot be read: $(printf '%s' "$info" | sed 's/.*"status":{"code":[0-9]*,"message":"\([^"]*\)".*/\1/' | plain)"
        ;;
esac

label=$(last label '"[^"]*"')
stop=$(last timestamp '{"start":[0-9]*,"stop":[0-9]*}' | grep -o '[0-9]*}$' | tr -d '}')
size=$(printf '%s' "$info" | grep -o '},"size":[0-9]*}' | tail -n 1 | grep -o '[0-9][0-9]*')
note label "$label"
note bytes "$size"
note as-of "$(moment "$stop")"
note archive-max "$(last max '"[0-9A-F]*"')"
age=$(($(date +%s) - stop))
check backup true "$label, $(hours "$age") old"
if [ "$age" -gt "$((OLDEST_HOURS * 3600))" ]; then
    fail age "The last backup ended at $(moment "$stop"), $(hours "$age") ago; one is made each day, and $OLDEST_HOURS h are promised. Fix: see why none is made in the log of the database's container backups."
fi
if printf '%s' "$info" | grep -o '"error":[a-z]*' | tail -n 1 | grep -q true; then
    fail pages "pgBackRest found pages with a wrong checksum when it made $label: the database's own files are damaged. Fix: look for the table by its file in the log of the backup, and restore it from an earlier backup."
fi
free=$(df -kP "$(dirname "$PGDATA")" | tail -n 1 | tr -s ' ' | cut -d ' ' -f 4)
if [ "$((size / 1024))" -gt "$free" ]; then
    fail volume "The backup $label has $((size / 1048576)) MiB, and the volume of the drill has room for $((free / 1024)) MiB. Fix: raise the database's storage."
fi

mkdir -p "$PGDATA"
chmod 700 "$PGDATA"
if ! pgbackrest --stanza="$STANZA" --set="$label" --pg1-path="$PGDATA" --archive-mode=off --type=default \
    --recovery-option="restore_command=sh ${SCRIPTS:-/scripts}/get.sh %f %p" --log-level-console=warn restore > "$DRILL_NOTES/errors" 2>&1; then
    plain 2000 < "$DRILL_NOTES/errors"
    said=$(grep -v '^WARN' "$DRILL_NOTES/errors" | plain 240)
    # A checksum, a format, a file that is not there, what cannot be decrypted; and the same of a process that worked for it.
    case $said in
        *'[026]'* | *'[029]'* | *'[055]'* | *'[095]'* | *ChecksumError* | *FormatError* | *FileMissingError* | *CryptoError*)
            fail files "The backup $label cannot be restored: a file of it is damaged or gone ($said). Fix: make a full backup now, and find out who writes to $REPOSITORY beside this environment."
            ;;
    esac
    fail files "The backup $label cannot be restored: $said"
fi
check files true "$((size / 1048576)) MiB restored in $(($(date +%s) - $(noted started))) s"
mkdir -p "$EXCHANGE"

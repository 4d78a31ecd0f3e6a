# shellcheck shell=sh
# Read by scripts that use rclone: `backups:` is the place of one store in the bucket, encrypted; `from:` that of another one, to be read.
# POSIX sh. Keys and passphrase come from files and go into variables of rclone's own processes: in no argument, in no file.
keys=${SECRETS:-/secrets}
tmp=${TMPDIR:-/tmp}

# encrypted REMOTE PLACE: names stay readable, so that the bucket's own console shows what is there.
encrypted() {
    export "RCLONE_CONFIG_$1_TYPE=crypt" "RCLONE_CONFIG_$1_REMOTE=bucket:$2" "RCLONE_CONFIG_$1_PASSWORD=$obscured" \
        "RCLONE_CONFIG_$1_FILENAME_ENCRYPTION=off" "RCLONE_CONFIG_$1_DIRECTORY_NAME_ENCRYPTION=false"
}

# No file of settings is looked for; the root is read-only.
export RCLONE_CONFIG="" RCLONE_CACHE_DIR="$tmp/rclone"
: "${RCLONE_CONFIG_BUCKET_TYPE:=s3}"
RCLONE_CONFIG_BUCKET_ACCESS_KEY_ID=$(cat "$keys/access-key-id")
RCLONE_CONFIG_BUCKET_SECRET_ACCESS_KEY=$(cat "$keys/secret-access-key")
# The key may have no right to make or look at buckets.
RCLONE_CONFIG_BUCKET_NO_CHECK_BUCKET=true
export RCLONE_CONFIG_BUCKET_TYPE RCLONE_CONFIG_BUCKET_ACCESS_KEY_ID RCLONE_CONFIG_BUCKET_SECRET_ACCESS_KEY RCLONE_CONFIG_BUCKET_NO_CHECK_BUCKET
# rclone's way to take a passphrase; obscured is not encrypted, and it is kept nowhere.
obscured=$(rclone obscure - < "$keys/passphrase")
encrypted BACKUPS "$BUCKET/$PREFIX"
# Another stack's, as its settings have it, or the folder of one database in it.
case ${FROM:-} in
    "") source=$PREFIX ;;
    */dumps | */dumps/*) source=$FROM ;;
    *) source=$FROM/dumps ;;
esac
encrypted FROM "$BUCKET/$source"

said="$tmp/said"
# A pod is let out a moment after it runs: what fails at once is tried again.
export RCLONE_RETRIES_SLEEP="${RCLONE_RETRIES_SLEEP:-5s}"
quiet() {
    rclone --retries 3 --low-level-retries 10 --stats 30s --stats-one-line "$@" 2> "$said"
}

# The dumps below a remote whose manifest is there, the oldest first.
good() {
    # Not piped on: the end of a pipe is all that a shell asks for, and a list that is cut short is none.
    quiet lsf --recursive --files-only --include "/*/manifest.json" "$1:" > "$tmp/listed" || grep -q "directory not found" "$said" || return 1
    sed -n 's|^\([0-9]\{8\}T[0-9]\{6\}Z\)/manifest\.json$|\1|p' "$tmp/listed" | sort
}

# What rclone says of a wrong key of the server's, of a wrong bucket, or of a wrong passphrase, and what to do.
why() {
    # A copy begins with a question whose answer has no body: only that to a list says whether it is the key or what it may do.
    if grep -q Forbidden "$said"; then
        rclone --retries 1 lsf backups: > "$tmp/listed" 2>> "$said" || :
    fi
    case $(cat "$said") in
        *"bad password"* | *"not an encrypted file"* | *"unexpected EOF"*) echo "It cannot be decrypted: its passphrase is another one, or it is damaged. Fix: the passphrase of the stack that made it (secrets.databaseBackupsPassphrase), or another dump." ;;
        *InvalidAccessKeyId* | *SignatureDoesNotMatch*) echo "$ENDPOINT refuses the key. Fix: secrets.databaseBackupsAccessKeyId and databaseBackupsSecretAccessKey." ;;
        *AccessDenied* | *Forbidden*) echo "$ENDPOINT does not let the key do it in the bucket $BUCKET. Fix: let it list, read, write and delete below $PREFIX." ;;
        *NoSuchBucket* | *"directory not found"*) echo "The bucket $BUCKET is not at $ENDPOINT. Fix: make it, or name another as backups.to.bucket." ;;
        *) echo "rclone said: $(last_words "$said")" ;;
    esac
}

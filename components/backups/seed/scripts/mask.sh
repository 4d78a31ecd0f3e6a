#!/bin/bash
# Runs the owner's statements on the copy, all of them or none. What PostgreSQL says of a statement that fails may name somebody's row: of
# an error its code and its line alone are told.
set -euo pipefail
scripts=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tmp=${TMPDIR:-/tmp}
KIND=seed
. "$scripts/operation.sh"

files=()
for file in "${STATEMENTS:-/statements}"/*.sql; do
    files+=("--file=$file")
done
# Results of a SELECT are rows too.
if ! psql --no-psqlrc --quiet --output=/dev/null --single-transaction --set=ON_ERROR_STOP=1 --set=VERBOSITY=sqlstate --set=SHOW_CONTEXT=never \
    "${files[@]}" 2> "$tmp/said"; then
    where=$(grep --max-count=1 --only-matching --extended-regexp '[0-9]+\.sql:[0-9]+: (ERROR|FATAL): +[0-9A-Z]{5}' "$tmp/said" | tr -s ' ' || true)
    fail "lends.seed.mask.sql failed, and nothing of the copy is served: ${where:-psql ended without a code}. The number of the file is that of the statement in the list, from 00; codes: PostgreSQL's appendix of error codes. What it said more may name rows, and is not told. Fix: try the statement on a database of the same schema."
fi
say "Masked by ${#files[@]} statements"

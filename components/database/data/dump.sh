#!/bin/bash
# The first half of an upgrade, by the old version's image: all that the server has, written beside it on the volume. The data is only read,
# and stays. Runs at every start of the pod, and does nothing where nothing is to be done.
#   VOLUME      where the volume is mounted
#   BASE        the data's directory in it, without an upgrade
#   FROM, TO    the major versions
source "${0%/*}/server.sh"

new=$VOLUME/$BASE-$TO
work=$new.upgrade

if [[ $(version_of "$VOLUME/$BASE") == "$TO" ]]; then
  exit 0 # finished, and the old data removed
fi
old=
for directory in "$VOLUME/$BASE-$FROM" "$VOLUME/$BASE"; do
  if [[ $(version_of "$directory") == "$FROM" ]]; then
    old=$directory
    break
  fi
done
if [[ -z $old ]]; then
  found=$(version_of "$VOLUME/$BASE")
  if [[ -n $found ]]; then
    fail "The volume has data of PostgreSQL $found, and database.upgradeFrom.version says $FROM. Fix: set it to \"$found\"."
  fi
  exit 0 # a new environment, or the old data is removed
fi

if [[ -n $(version_of "$new") ]]; then
  if [[ -s $new.from && $(cat "$new.from") == "$(fingerprint_of "$old")" ]]; then
    exit 0 # upgraded already
  fi
  # Somebody has gone back to the old version, and it was written to: what was made of it before is out of date.
  say "${old##*/} was used after it had been upgraded: it is upgraded anew, and what the earlier upgrade made is kept in ${new##*/}.earlier."
  rm -rf "$new.earlier" "$new.from"
  mv "$new" "$new.earlier"
fi
if [[ -e $work/complete && $(cat "$work/from") == "$(fingerprint_of "$old")" ]]; then
  exit 0 # the second half was interrupted
fi

rm -rf "$work" "$new.partial"
size=$(du -sk "$old/base" | cut -f 1)
free=$(df -Pk "$VOLUME" | { read -r; read -r _ _ _ free _; echo "$free"; })
# A dump is compressed, a new cluster about as large as the old one without its gaps.
need=$((size * 3 / 2 + 256 * 1024))
if ((free < need)); then
  fail "The upgrade needs $((need / 1024)) MiB beside the data, and $((free / 1024)) MiB are free. Fix: raise database.storage by the difference (docs/components/database.md), and run it again."
fi

say "Reading ${old##*/}, of PostgreSQL $FROM: $((size / 1024)) MiB."
mkdir -p "$work"
date -u +%FT%TZ > "$work/started"
start_server "$old" -c default_transaction_read_only=on "${not_archived[@]}"
databases > "$work/databases"
pg_dumpall --globals-only --no-tablespaces --database=postgres > "$work/globals.sql"
sql template1 > "$work/initdb" <<'SQL'
select concat_ws(' ',
  '--encoding=' || pg_encoding_to_char(encoding),
  '--lc-collate=' || quote_literal(datcollate),
  '--lc-ctype=' || quote_literal(datctype),
  case datlocprovider when 'i' then '--locale-provider=icu --icu-locale=' ||
    quote_literal(coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale')) end,
  case datlocprovider when 'b' then '--locale-provider=builtin --builtin-locale=' || quote_literal(to_jsonb(d) ->> 'datlocale') end,
  case when current_setting('data_checksums') = 'on' then '--data-checksums' end)
from pg_database d where datname = 'template1';
SQL
number=0
while IFS= read -r database; do
  number=$((number + 1))
  say "Dumping database $database."
  PGDATABASE=$database run pg_dump --format=directory --jobs="${JOBS:-2}" --no-tablespaces --file="$work/$number"
  counts "$database" > "$work/$number.counts"
done < "$work/databases"
stop_server
fingerprint_of "$old" > "$work/from"
touch "$work/complete"
sync

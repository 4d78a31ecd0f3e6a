#!/bin/bash
# Before every start of the server: whether the image fits the data on the volume.
#   VOLUME      where the volume is mounted
#   BASE        the data's directory in it, without an upgrade
#   DIRECTORY   the data's directory now
#   VERSION     the major version that the settings say
#   FROM, ORIGINAL     of an upgrade; ORIGINAL=removed: the old version's data is not needed any more
#   RESTORED    `true` where the directory is for data that comes from a backup, beside what is there
#   COLLATIONS  `stop` or `reindex`, where the image sorts text otherwise than the one that made the indexes
source "${0%/*}/server.sh"

data=$VOLUME/$DIRECTORY
upgraded=$VOLUME/$BASE-$VERSION

has=$(postgres --version)
if [[ ! $has =~ \ $VERSION(\.|[a-z]|\ |$) ]]; then
  fail "The image has $has, and database.version says $VERSION. Fix: set database.image to one of PostgreSQL $VERSION, or leave it out."
fi

# What was made of the old data takes its place: nothing is moved but names.
remove_original() {
  local directory original=
  for directory in "$VOLUME/$BASE-$FROM" "$VOLUME/$BASE"; do
    if [[ $(version_of "$directory") == "$FROM" ]]; then
      original=$directory
      break
    fi
  done
  if [[ -n $(version_of "$upgraded") ]]; then
    if [[ -n $original && $(cat "$upgraded.from" 2> /dev/null) != "$(fingerprint_of "$original")" ]]; then
      fail "${original##*/} was used after it had been upgraded, so it is not removed. Fix: take database.upgradeFrom.original out; it is then upgraded anew."
    fi
    if [[ -z $original && -e $VOLUME/$BASE ]]; then
      fail "The volume has data of PostgreSQL $(version_of "$VOLUME/$BASE") in $BASE, and database.upgradeFrom.version says $FROM. Fix: set it to what was upgraded."
    fi
    if [[ -e $VOLUME/$BASE ]]; then
      mv "$VOLUME/$BASE" "$VOLUME/$BASE.removed"
    fi
    rm -f "$VOLUME/$BASE.collations"
    mv "$upgraded" "$VOLUME/$BASE"
  fi
  if [[ $(version_of "$VOLUME/$BASE") == "$VERSION" ]]; then
    rm -rf "$VOLUME/$BASE.removed" "$VOLUME/$BASE-$FROM" "$upgraded".{from,earlier,partial,upgrade,collations} "$VOLUME/$BASE-$FROM.collations"
  fi
}
if [[ ${ORIGINAL:-} == removed ]]; then
  remove_original
fi

found=$(version_of "$data")
if [[ -n $found && $found != "$VERSION" ]]; then
  if [[ $(version_of "$upgraded") == "$VERSION" ]]; then
    fail "The data was upgraded to PostgreSQL $VERSION and is in ${upgraded##*/}; $DIRECTORY is the old one, of $found. Fix: put database.upgradeFrom: { version: \"$found\" } back, or, to end the upgrade, add original: removed to it."
  fi
  instead=""
  if [[ $found -lt $VERSION ]]; then
    instead=" Or upgrade: database.upgradeFrom: { version: \"$found\" } (docs/components/database.md#a-new-major-version)."
  fi
  # A StatefulSet does not replace a pod that never was ready.
  fail "The volume has data of PostgreSQL $found, and database.version says $VERSION, which cannot read it. Fix: set database.version back to \"$found\", and when \`pulumi up\` waits for this pod, delete it.$instead"
fi
if [[ -z $found && ${RESTORED:-} != true ]]; then
  for other in "$VOLUME"/*/PG_VERSION; do
    if [[ -s $other ]]; then
      other=${other%/PG_VERSION}
      fail "There is no data in $DIRECTORY, and in ${other##*/} there is, of PostgreSQL $(version_of "$other"). An empty server is not started beside it. Fix: set database.version and database.upgradeFrom as they were."
    fi
  done
fi

# What decides how text is sorted, the C library and ICU, comes with a system's release. A newer one is looked at, no more.
sorts_by() {
  { cat /etc/os-release; ls /usr/lib/libicui18n.so.* /usr/lib/*/libicui18n.so.* 2> /dev/null || true; } | sha256sum | cut -d ' ' -f 1
}
sorted_by=$data.collations
now=$(sorts_by)

if [[ -z $found ]]; then
  exit 0 # it is made next, or restored: the next start looks
fi
if [[ -s $sorted_by && $(cat "$sorted_by") == "$now" ]]; then
  exit 0
fi
for pending in recovery.signal standby.signal backup_label; do
  if [[ -e $data/$pending ]]; then
    exit 0 # a restore goes on; the next start looks
  fi
done

# Lines of: what is of another version, and the command that says it is of this one.
changed() {
  sql "$1" <<'SQL'
select format('alter database %I refresh collation version;', datname)
from pg_database where datname = current_database() and datcollversion <> pg_database_collation_actual_version(oid)
union all
select format('alter collation %s refresh version;', oid::regcollation)
from pg_collation where collversion <> pg_collation_actual_version(oid) and exists (
  select from pg_depend where refclassid = 'pg_collation'::regclass and refobjid = pg_collation.oid)
SQL
}

# Indexes whose order may be wrong now.
affected() {
  sql "$1" <<'SQL'
select distinct format('%I.%I', n.nspname, c.relname)
from pg_index i
join pg_class c on c.oid = i.indexrelid
join pg_namespace n on n.oid = c.relnamespace
cross join unnest(i.indcollation) as used(collation_oid)
join pg_collation on pg_collation.oid = used.collation_oid
where c.relkind = 'i' and case collprovider
  when 'd' then (select datcollversion <> pg_database_collation_actual_version(oid) from pg_database where datname = current_database())
  else collversion <> pg_collation_actual_version(pg_collation.oid) end
order by 1
SQL
}

start_server "$data" "${not_archived[@]}"
problems=
while IFS= read -r database; do
  commands=$(changed "$database")
  if [[ -z $commands ]]; then
    continue
  fi
  indexes=$(affected "$database")
  if [[ $COLLATIONS == reindex ]]; then
    while IFS= read -r index; do
      if [[ -n $index ]]; then
        say "Database $database: reindexing $index."
        PGDATABASE=$database run psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --command="reindex index $index"
      fi
    done <<< "$indexes"
    sql "$database" --command="$commands" 2>&1
    say "Database $database: sorted as this image sorts."
  else
    problems+="database $database: $(grep --count . <<< "$indexes" || true) indexes: $(paste --serial --delimiters=' ' <<< "$indexes")"$'\n'
  fi
done < <(databases)
stop_server
if [[ -n $problems ]]; then
  problems=${problems:0:2500}
  fail "This image sorts text otherwise than the one that made the indexes (another Debian release, another C library or ICU). With them the server would not find rows that are there, and take doubles of what is unique:
${problems%$'\n'}
Fix: go back to an image of the same Debian release (database.image), or set database.changedCollations to reindex, which makes these indexes anew before the server starts and says REFRESH COLLATION VERSION; it takes as long as they are large."
fi
printf '%s\n' "$now" > "$sorted_by.partial"
mv "$sorted_by.partial" "$sorted_by"

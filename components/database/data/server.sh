# What the scripts beside have in common; bash, of PostgreSQL's own image. They write to the volume and ask nobody.
set -euo pipefail
umask 077
export PGHOST=/var/run/postgresql PGPORT=5432 PGUSER=$POSTGRES_USER

say() {
  printf '%s\n' "$*"
}

fail() {
  printf '%s\n' "$*" | tee "${MESSAGE:-/dev/termination-log}" >&2
  exit 1
}

# The major version of the data in a directory; nothing where there is none.
version_of() {
  if [[ -s $1/PG_VERSION ]]; then
    cat "$1/PG_VERSION"
  fi
}

# Whatever starts a server on a directory, and whatever that server does, changes this.
fingerprint_of() {
  sha256sum < "$1/global/pg_control" | cut -d ' ' -f 1
}

# start_server DIRECTORY ARGUMENT...: by the image's own entrypoint, which makes a new cluster of a directory that is not there. Nobody
# else is let in: inside this container alone it listens. Returns when it answers over TCP, which it does not while it is being made.
start_server() {
  local directory=$1
  shift
  PGDATA=$directory docker-entrypoint.sh postgres -c listen_addresses=127.0.0.1 -c unix_socket_directories="$PGHOST" -c port="$PGPORT" \
    -c huge_pages=off -c autovacuum=off -c restart_after_crash=off "$@" >&2 &
  server=$!
  trap stop_server EXIT
  trap 'kill "${running:-$server}" 2> /dev/null; exit 143' TERM INT
  until pg_isready --quiet --host=127.0.0.1; do
    kill -0 "$server" 2> /dev/null || fail "PostgreSQL did not start on ${directory##*/}; why, it says above."
    sleep 0.2
  done
}

# Clients are disconnected, the data is written.
stop_server() {
  kill -INT "$server" 2> /dev/null || true
  wait "$server" || true
  trap - EXIT TERM INT
}

# run COMMAND ARGUMENT...: what takes long. A shell heeds a signal while it waits, and not while it runs a command.
run() {
  "$@" &
  running=$!
  wait "$running"
  running=
}

# Segments of the write-ahead log stay marked as not archived, for the archive that the running server may have; nothing is archived here.
# shellcheck disable=SC2034 # of the scripts that read this one
not_archived=(-c archive_mode=on -c archive_command=)

# sql DATABASE ARGUMENT...: rows alone, tabs between. The name goes by the environment, where nothing in it means anything.
sql() {
  PGDATABASE=$1 psql --no-psqlrc --quiet --no-align --tuples-only --field-separator=$'\t' --set=ON_ERROR_STOP=1 "${@:2}"
}

# Of every database that somebody may connect to; its name's line number is its own name in files.
databases() {
  sql postgres --command="select datname from pg_database where datallowconn and datname <> 'template1' order by datname"
}

# What has to be the same after a move: the rows of each table, where each sequence is, how many large objects there are. What an
# extension brings is its own.
counts() {
  sql "$1" <<'SQL'
select format('select %L, count(*) from %I.%I', format('table %I.%I', n.nspname, c.relname), n.nspname, c.relname)
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p', 'm') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
order by n.nspname collate "C", c.relname collate "C" \gexec
select format('select %L, last_value, is_called from %I.%I', format('sequence %I.%I', n.nspname, c.relname), n.nspname, c.relname)
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind = 'S' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
order by n.nspname collate "C", c.relname collate "C" \gexec
select 'large objects', count(*) from pg_largeobject_metadata;
SQL
}

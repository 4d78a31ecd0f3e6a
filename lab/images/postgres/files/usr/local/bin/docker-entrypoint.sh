#!/bin/bash
# Starts PostgreSQL; on an empty volume it first makes the database. The contract is that of the official image:
#
#   POSTGRES_PASSWORD       the superuser's password; required unless POSTGRES_HOST_AUTH_METHOD is "trust"
#   POSTGRES_USER           the superuser, default "postgres"
#   POSTGRES_DB             a database to create, default: the user's name
#   POSTGRES_INITDB_ARGS    further arguments of initdb
#   POSTGRES_HOST_AUTH_METHOD  how clients over the network log in, default "scram-sha-256"
#   PGDATA                  where the data is; a directory that uid 999 owns or may create
#   /docker-entrypoint-initdb.d/*.sh, *.sql, *.sql.gz   run once, in the order of their names
#
# Of the first five, NAME_FILE may name a file that holds the value. Arguments (`-c name=value`) go to the server.
#
# The new cluster is made in a directory of its own inside PGDATA and moved into place when it is complete, PG_VERSION last.
# A pod that is killed in the middle leaves no half-made database that the next one would take for a good one.
set -euo pipefail

fail() {
  echo "docker-entrypoint: $*" >&2
  exit 1
}

# value_of NAME DEFAULT: sets the variable NAME from itself, from the file that NAME_FILE names, or to the default.
value_of() {
  local name=$1 file_name="$1_FILE"
  local value=${!name:-} file=${!file_name:-}
  [[ -z $value || -z $file ]] || fail "$name and $file_name are both set; set one"
  if [[ -n $file ]]; then
    [[ -r $file ]] || fail "$file_name is $file, which cannot be read"
    value=$(<"$file")
  fi
  printf -v "$name" '%s' "${value:-$2}"
  unset "$file_name"
}

sql() {
  psql --no-psqlrc --quiet --no-password --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" "$@"
}

run_scripts() {
  local script
  for script in /docker-entrypoint-initdb.d/*; do
    [[ -e $script ]] || continue
    echo "docker-entrypoint: $script"
    case $script in
      *.sh) if [[ -x $script ]]; then "$script"; else . "$script"; fi ;;
      *.sql) sql --dbname "$POSTGRES_DB" --file "$script" ;;
      *.sql.gz) gunzip --stdout "$script" | sql --dbname "$POSTGRES_DB" ;;
      *) echo "docker-entrypoint: $script is neither .sh, .sql nor .sql.gz: left out" ;;
    esac
  done
}

# The server of the first start listens on the Unix socket alone: whoever waits for the port waits for the end of all this.
start_temporary_server() {
  postgres -D "$new" "$@" -c listen_addresses= -c unix_socket_directories="$PGHOST" -c port="$PGPORT" &
  temporary_server=$!
  trap 'kill -INT $temporary_server; wait $temporary_server; exit 143' TERM INT
  until pg_isready --quiet --username "$POSTGRES_USER" --dbname postgres; do
    kill -0 "$temporary_server" 2> /dev/null || fail "the server did not start; its messages are above"
    sleep 0.1
  done
}

stop_temporary_server() {
  kill -INT "$temporary_server"
  wait "$temporary_server"
  trap - TERM INT
}

make_cluster() {
  value_of POSTGRES_USER postgres
  value_of POSTGRES_PASSWORD ''
  value_of POSTGRES_DB "$POSTGRES_USER"
  value_of POSTGRES_INITDB_ARGS ''
  value_of POSTGRES_HOST_AUTH_METHOD scram-sha-256
  [[ -n $POSTGRES_PASSWORD || $POSTGRES_HOST_AUTH_METHOD == trust ]] \
    || fail "POSTGRES_PASSWORD is empty; set it, or POSTGRES_PASSWORD_FILE, to the superuser's password"
  [[ $POSTGRES_PASSWORD != *$'\n'* ]] || fail "POSTGRES_PASSWORD has more than one line; initdb reads one"

  rm -rf "$new"
  local arguments=()
  # As in the official image, the value is shell words: `--locale=de_DE.UTF-8 --data-checksums`.
  eval "arguments=($POSTGRES_INITDB_ARGS)"
  arguments=(--pgdata="$new" --username="$POSTGRES_USER" --encoding=UTF8 --locale=C.UTF-8
    --auth-local=trust --auth-host="$POSTGRES_HOST_AUTH_METHOD" "${arguments[@]}")
  if [[ -n $POSTGRES_PASSWORD ]]; then
    # A file descriptor and not an argument, which every process of the container could read.
    initdb "${arguments[@]}" --pwfile=<(printf '%s\n' "$POSTGRES_PASSWORD")
  else
    initdb "${arguments[@]}"
  fi
  echo "host all all all $POSTGRES_HOST_AUTH_METHOD" >> "$new/pg_hba.conf"
  echo "listen_addresses = '*'" >> "$new/postgresql.conf"

  # Also for the scripts; whatever the arguments say of the server that comes later.
  export PGHOST=/var/run/postgresql PGPORT=5432
  start_temporary_server "$@"
  if [[ $POSTGRES_DB != postgres ]]; then
    sql --dbname postgres --set db="$POSTGRES_DB" <<< 'CREATE DATABASE :"db";'
  fi
  run_scripts
  stop_temporary_server
  unset PGHOST PGPORT
  touch "$new/complete"
}

move_into_place() {
  local entry
  for entry in "$new"/*; do
    [[ ${entry##*/} == PG_VERSION || ${entry##*/} == complete ]] || mv "$entry" "$PGDATA/"
  done
  # A start that was killed here has moved everything already.
  [[ ! -e $new/PG_VERSION ]] || mv "$new/PG_VERSION" "$PGDATA/"
  rm -rf "$new"
}

[[ ${1:-} != -* ]] || set -- postgres "$@"
[[ ${1:-} == postgres ]] || exec "$@"
shift

: "${PGDATA:=/var/lib/postgresql/data}"
export PGDATA
new=$PGDATA/.new-cluster

if [[ $(id -u) == 0 ]]; then
  mkdir -p "$PGDATA"
  chown -R postgres:postgres "$PGDATA" /var/run/postgresql
  exec setpriv --reuid=postgres --regid=postgres --clear-groups "$0" postgres "$@"
fi

umask 077
mkdir -p "$PGDATA"
[[ -O $PGDATA ]] \
  || fail "$PGDATA belongs to uid $(stat -c %u "$PGDATA"), PostgreSQL runs as $(id -u); set PGDATA to a directory below it"
chmod 0700 "$PGDATA"

if [[ ! -s $PGDATA/PG_VERSION ]]; then
  [[ -e $new/complete ]] || make_cluster "$@"
  move_into_place
fi
unset POSTGRES_PASSWORD POSTGRES_PASSWORD_FILE

exec postgres "$@"

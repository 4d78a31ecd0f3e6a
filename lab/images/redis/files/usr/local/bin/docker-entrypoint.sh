#!/bin/sh
# Starts Redis as uid 999. The contract is that of the official image: the arguments are those of redis-server, whose name
# may be left out, and protected mode is off, because a container's network is closed unless somebody opens it.
set -eu

case ${1:-} in
  -* | *.conf) set -- redis-server "$@" ;;
esac

if [ "${1:-}" = redis-server ] && [ "$(id -u)" = 0 ]; then
  find . \! -user redis -exec chown redis:redis {} +
  exec setpriv --reuid=redis --regid=redis --clear-groups "$0" "$@"
fi

if [ "${1:-}" = redis-server ]; then
  umask 077
  shift
  case ${1:-} in
    # A file comes first; what follows it overrides it.
    '' | -*) set -- redis-server --protected-mode no "$@" ;;
    *)
      file=$1
      shift
      set -- redis-server "$file" --protected-mode no "$@"
      ;;
  esac
fi

exec "$@"

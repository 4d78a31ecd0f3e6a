#!/bin/sh
# Starts memcached. The contract is that of the official image: the arguments are memcached's, whose name may be left out.
set -eu

case ${1:-} in
  -*) set -- memcached "$@" ;;
esac

exec "$@"

#!/bin/sh
# Starts RabbitMQ, or one of its tools, as uid 999. The contract is that of the official image: settings are files below
# /etc/rabbitmq, and of the variables those that the server itself reads.
set -eu

case ${1:-} in
  rabbitmq*)
    if [ "$(id -u)" = 0 ]; then
      if [ "$1" = rabbitmq-server ]; then
        find /var/lib/rabbitmq \! -user rabbitmq -exec chown rabbitmq '{}' +
      fi
      exec setpriv --reuid=rabbitmq --regid=rabbitmq --init-groups "$0" "$@"
    fi
    ;;
esac

# The official image ends at these too: the server would not read them, and a password would be another than was meant.
for name in DEFAULT_PASS_FILE DEFAULT_USER_FILE VM_MEMORY_HIGH_WATERMARK \
  SSL_CACERTFILE SSL_CERTFILE SSL_DEPTH SSL_FAIL_IF_NO_PEER_CERT SSL_KEYFILE SSL_VERIFY; do
  if [ -n "$(printenv "RABBITMQ_$name" || true)" ]; then
    echo "error: RABBITMQ_$name is set, which RabbitMQ does not read: put it into a file below /etc/rabbitmq/conf.d" >&2
    exit 1
  fi
done

# A node's name has the host's in it, and one with dots is only taken as a long one.
if [ -z "${RABBITMQ_USE_LONGNAME:-}" ] && [ "$(hostname)" != "$(hostname -s)" ]; then
  export RABBITMQ_USE_LONGNAME=true
fi

exec "$@"

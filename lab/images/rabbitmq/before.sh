#!/bin/sh
# The user that the RabbitMQ package finds when it is configured in the new root ($1), with the official image's ids.
set -eu
echo 'rabbitmq:x:999:' >> "$1/etc/group"
echo 'rabbitmq:x:999:999::/var/lib/rabbitmq:/usr/sbin/nologin' >> "$1/etc/passwd"
echo 'rabbitmq:*:19000:0:99999:7:::' >> "$1/etc/shadow"

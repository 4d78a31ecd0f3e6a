#!/bin/sh
# Finishes the RabbitMQ root ($1).
set -eu
# The package made up a cookie: whoever has the image would be let into every cluster that was made from it.
rm -f "$1/var/lib/rabbitmq/.erlang.cookie"
# Nothing but comments, and a server that finds none says nothing.
rm -f "$1/etc/rabbitmq/rabbitmq-env.conf"
# Python is there for one script of the package, which speaks to the management plugin from outside.
rm -rf "$1"/usr/lib/python3* "$1"/usr/bin/python3* "$1"/usr/share/python3
chroot "$1" install -d -o 999 -g 999 -m 0755 /etc/rabbitmq /etc/rabbitmq/conf.d
chroot "$1" install -d -o 999 -g 999 -m 0750 /var/lib/rabbitmq/mnesia

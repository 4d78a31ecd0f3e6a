#!/bin/sh
# Finishes the pgBackRest root ($1).
set -eu
# Brought by postgresql-common, which manages servers that are not here; and a key made on this machine.
rm -rf "$1"/usr/lib/*/perl "$1"/usr/share/perl "$1"/usr/share/perl5 "$1"/usr/share/postgresql-common
rm -rf "$1"/etc/ssl/private/* "$1"/etc/ssl/certs/ssl-cert-snakeoil.pem
chroot "$1" find /etc/ssl/certs -xtype l -delete
# The package's own settings name a repository on this machine.
rm -rf "$1/etc/pgbackrest.conf" "$1/etc/pgbackrest"

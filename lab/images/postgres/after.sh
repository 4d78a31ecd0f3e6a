#!/bin/sh
# Finishes the PostgreSQL root ($1).
set -eu
# The just-in-time compiler brings 110 MB of LLVM; without it the server runs every query as before, by its interpreter.
rm -f "$1"/usr/lib/*/libLLVM-*.so* "$1"/usr/lib/llvm-*/lib/*.so* "$1"/usr/lib/postgresql/*/lib/llvmjit.so
rm -rf "$1"/usr/lib/postgresql/*/lib/bitcode "$1"/etc/ssl/private/* "$1"/etc/ssl/certs/ssl-cert-snakeoil.pem
# From here on inside the root: /var/run is a link to /run, which from out here would be the machine's own.
# Written per machine by the package ssl-cert; the link beside it is its hash.
chroot "$1" find /etc/ssl/certs -xtype l -delete
chroot "$1" install -d -o 999 -g 999 -m 0700 /var/lib/postgresql/data
chroot "$1" install -d -o 999 -g 999 -m 3777 /var/run/postgresql
chroot "$1" install -d -m 0755 /docker-entrypoint-initdb.d

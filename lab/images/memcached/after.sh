#!/bin/sh
# Finishes the memcached root ($1).
set -eu
# For the package's scripts, which no container runs.
rm -rf "$1"/usr/lib/*/perl "$1"/usr/share/perl "$1"/usr/share/memcached

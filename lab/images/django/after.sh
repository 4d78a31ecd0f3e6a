#!/bin/sh
# Finishes the Python root ($1): the standard library is compiled once, in a way that does not depend on a file's date.
set -eu
# The contract of /init, /run and /async wants a file where Debian has a directory; what looks for it finds /var/run.
rm -rf "$1/run" "$1/var/run" "$1/var/lock"
mkdir "$1/var/run"
chroot "$1" python3 -m compileall -q -f --invalidation-mode unchecked-hash /usr/lib/python3.11 -x 'lib2to3/tests|test/bad'

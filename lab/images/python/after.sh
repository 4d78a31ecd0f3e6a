#!/bin/sh
# Finishes the Python root ($1): the standard library is compiled once, in a way that does not depend on a file's date.
set -eu
chroot "$1" sh -c 'python3 -m compileall -q -f --invalidation-mode unchecked-hash /usr/lib/python3.* -x "lib2to3/tests|test/bad"'

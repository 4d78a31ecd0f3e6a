#!/bin/sh
# The last step of a drill: every step before it went well.
set -eu
. "${SCRIPTS:-/scripts}/say.sh"
say succeeded "Restored $(noted label) in $(($(date +%s) - $(noted started))) s: $(noted rows) rows in $(noted tables) tables$(noted migrations)."

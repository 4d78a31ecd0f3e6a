#!/bin/bash
# The first step of a seed of the lender's own database: a dump of it (dump.sh of the dumps).
set -euo pipefail
scripts=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$scripts/steps.sh"
mkdir -p "$WORK"
step dump.sh

# shellcheck shell=bash
# Read by the steps of a seed that are the dumps' own scripts too: what they say last is told as a seed's.
: "${TERMINATION_LOG:=/dev/termination-log}"
tmp=${TMPDIR:-/tmp}

# step SCRIPT: where it fails, its sentence is this step's, and the seed ends.
step() {
    rm -f "$tmp/step"
    KIND=seed TERMINATION_LOG=$tmp/step bash "$scripts/$1" > "$tmp/step-output" && return
    # Without one it was stopped: who looks at the pod sees by what.
    if [[ -s $tmp/step ]]; then
        sed 's/^{"kind":"[a-z]*"/{"kind":"seed"/' "$tmp/step" | tee "$TERMINATION_LOG"
    fi
    exit 1
}

# shellcheck shell=bash
# What the scripts of tools/ have in common. Sourced, with `set -euo pipefail` in force.

# Everything runs from the root of the tree, wherever it was called from.
AIFLOW_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
readonly AIFLOW_ROOT
cd "$AIFLOW_ROOT" || exit

# The name of the running script, for its messages.
script_name() {
    printf 'tools/%s' "$(basename "$0")"
}

say() {
    printf '%s\n' "$*"
}

# die MESSAGE [EXIT CODE]
die() {
    printf '%s: %s\n' "$(script_name)" "$1" >&2
    exit "${2:-1}"
}

# minutes_and_seconds SECONDS: "3 min 07 s", or "7 s".
minutes_and_seconds() {
    if (($1 < 60)); then
        printf '%d s' "$1"
    else
        printf '%d min %02d s' $(($1 / 60)) $(($1 % 60))
    fi
}

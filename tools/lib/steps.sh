# shellcheck shell=bash
# Runs the steps of a long script: one line each when all is well, the log when not.

readonly LOG_DIR=$AIFLOW_ROOT/build/check-logs

# step NAME COMMAND...: prints the name, how it went and how long it took. The output goes to a
# file, whose end is shown when the command fails; then the whole script ends. A function is run in a
# shell of its own, and fails with the first of its commands that fails.
step() {
    local name=$1 log started=$SECONDS status
    log=$LOG_DIR/${name//[^[:alnum:]]/-}.log
    shift
    mkdir -p "$LOG_DIR"
    printf '%-44s ' "$name"
    # Behind || or if, bash would go on after a failure within a function.
    set +e
    (
        set -e
        "$@"
    ) </dev/null >"$log" 2>&1
    status=$?
    set -e
    if ((status != 0)); then
        say "FAILED after $(minutes_and_seconds $((SECONDS - started)))"
        say
        tail -n 60 "$log"
        say
        die "step failed: $name (exit code $status); whole output in ${log#"$AIFLOW_ROOT"/}"
    fi
    say "ok  $(minutes_and_seconds $((SECONDS - started)))"
}

# shellcheck shell=bash
# Runs the steps of a long script: one line each when all is well, the log when not.

readonly LOG_DIR=$AIFLOW_ROOT/build/check-logs

# Where the output of a step goes.
log_of() { # NAME
    mkdir -p "$LOG_DIR"
    printf '%s/%s.log' "$LOG_DIR" "${1//[^[:alnum:]]/-}"
}

# Says how a step went, and ends the script when it failed.
went() { # NAME STATUS STARTED
    local name=$1 status=$2 took log
    took=$(minutes_and_seconds $((SECONDS - $3)))
    log=$(log_of "$name")
    if ((status != 0)); then
        say "FAILED after $took"
        say
        tail -n 60 "$log"
        say
        die "step failed: $name (exit code $status); whole output in ${log#"$AIFLOW_ROOT"/}"
    fi
    say "ok  $took"
}

# step NAME COMMAND...: prints the name, how it went and how long it took. The output goes to a
# file, whose end is shown when the command fails; then the whole script ends. A function is run in a
# shell of its own, and fails with the first of its commands that fails.
step() {
    local name=$1 log started=$SECONDS status
    log=$(log_of "$name")
    shift
    printf '%-44s ' "$name"
    # Behind || or if, bash would go on after a failure within a function.
    set +e
    (
        set -e
        "$@"
    ) </dev/null >"$log" 2>&1
    status=$?
    set -e
    went "$name" "$status" "$started"
}

# begin_beside NAME COMMAND...: starts a program that goes on beside the steps behind it, which come
# first. end_beside waits for it and says how it went, as `step` does. Ends with the script, whatever
# becomes of that.
begin_beside() {
    beside_name=$1 beside_started=$SECONDS
    shift
    # A group of its own, so that whatever it starts can be ended with it.
    setsid nice -n 5 "$@" </dev/null >"$(log_of "$beside_name")" 2>&1 &
    beside_group=$!
    trap 'kill -- "-$beside_group" 2>/dev/null' EXIT
}

end_beside() {
    local status=0
    printf '%-44s ' "$beside_name"
    wait "$beside_group" || status=$?
    trap - EXIT
    went "$beside_name" "$status" "$beside_started"
}

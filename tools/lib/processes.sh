# shellcheck shell=bash
# Starts nothing itself: waits for, and ends, what a script has started and noted in `started`.

started=()

# wait_for PID SECONDS: its exit code, or 124 when it was still running and had to be ended.
wait_for() {
    local deadline=$((SECONDS + $2))
    while kill -0 "$1" 2>/dev/null; do
        if ((SECONDS >= deadline)); then
            stop "$1"
            return 124
        fi
        sleep 0.1
    done
    wait "$1"
}

# stop PID: asks, and insists after five seconds.
stop() {
    kill "$1" 2>/dev/null || return 0
    for ((i = 0; i < 50; ++i)); do
        kill -0 "$1" 2>/dev/null || return 0
        sleep 0.1
    done
    kill -KILL "$1" 2>/dev/null || true
}

stop_all() {
    local pid
    for pid in "${started[@]}"; do
        stop "$pid"
    done
}

# shellcheck shell=bash
# How programs that were built with sanitizers are run. Sourced.

export UBSAN_OPTIONS=print_stacktrace=1 TSAN_OPTIONS=second_deadlock_stack=1
export ASAN_SYMBOLIZER_PATH=/usr/bin/llvm-symbolizer-14

# sanitized COMMAND...: runs it where the sanitizers of GCC 12 and Clang 14 find room for their shadow,
# which they do not where addresses are very random.
sanitized() {
    if setarch -R true 2>/dev/null; then
        setarch -R "$@"
    else
        "$@"
    fi
}

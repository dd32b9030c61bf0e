# shellcheck shell=bash
# Completes aiflowd's command line in bash.

_aiflowd() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
    COMPREPLY=()
    if [[ $before == --config ]]; then
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -f -X '!*.toml' -- "$word"; compgen -d -- "$word")
        return
    fi
    mapfile -t COMPREPLY < <(compgen -W '--config --check --print-sample --version --help' -- "$word")
}

complete -F _aiflowd aiflowd

# shellcheck shell=bash
# Completes aiflow-sim's command line in bash.

_aiflow_sim() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
    COMPREPLY=()
    case $before in
        --color)
            mapfile -t COMPREPLY < <(compgen -W 'auto always never' -- "$word")
            return
            ;;
        --ca-file | --token-file | --record)
            compopt -o filenames 2>/dev/null
            mapfile -t COMPREPLY < <(compgen -f -- "$word")
            return
            ;;
        --listen | --path | --dial | --header | --connections | --timeout | --speed) return ;;
    esac
    if [[ $word == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W '--listen --path --print-port --dial --ca-file --header
            --allow-plain-text --token-file --connections --per-call --once --check --timeout --speed
            --record --show-content --quiet --color --version --help' -- "$word")
        return
    fi
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -f -X '!*.toml' -- "$word"; compgen -d -- "$word")
}

complete -F _aiflow_sim aiflow-sim

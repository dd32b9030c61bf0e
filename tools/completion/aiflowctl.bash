# shellcheck shell=bash
# Completes aiflowctl's command line in bash.

# The first column of what the daemon lists; nothing when it does not answer.
_aiflowctl_listed() { # COMMAND WORD...
    "$@" 2>/dev/null | awk 'NR > 1 { print $1 }'
}

# The path of commands in COMP_WORDS, as in "sms send", and how many words came behind it. Sets
# `path` and `behind` of the caller.
_aiflowctl_path() {
    local i word
    for ((i = 1; i < COMP_CWORD; ++i)); do
        word=${COMP_WORDS[i]}
        case $word in
            --socket | --session | --type | --state | --limit | --ref) ((++i)) ;;
            -*) ;;
            *)
                case "$path $word" in
                    ' status' | ' calls' | ' sms' | ' send' | ' tail' | ' log' | ' drain' | ' reload' | \
                        'sms list' | 'sms show' | 'sms send' | 'sms cancel' | 'log level')
                        path=${path:+$path }$word
                        ;;
                    *) ((++behind)) ;;
                esac
                ;;
        esac
    done
}

_aiflowctl() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
    local path='' behind=0 words=''
    COMPREPLY=()
    _aiflowctl_path
    local kinds='opened event action outcome closed'
    local events='session_start user_speech_started user_speak user_barge_in dtmf_received
        assistant_speak assistant_speech_ended user_input_timeout sms_failed session_end'
    local actions='speak audio mix_audio hangup transfer barge_in configure_transcription
        configure_voice_to_voice send_sms'
    local states='accepted sending written handed_off waiting_retry assumed_sent unobserved failed
        abandoned expired cancelled'
    case $before in
        --socket)
            compopt -o filenames 2>/dev/null
            mapfile -t COMPREPLY < <(compgen -f -- "$word")
            return
            ;;
        --session) words=$(_aiflowctl_listed "$1" calls) ;;
        --type) words="$kinds $events $actions" ;;
        --state) words=$states ;;
        --limit | --ref) ;;
        *)
            case $path in
                '') words='status calls sms send tail log drain reload --version' ;;
                sms) words='list show send cancel' ;;
                log) words='level' ;;
                calls) words='--unmasked' ;;
                tail) words='--session --type --content --unmasked' ;;
                'sms list') words='--state --limit --unmasked' ;;
                'sms show' | 'sms cancel')
                    ((behind)) || words=$(_aiflowctl_listed "$1" sms list)
                    [[ $path == 'sms cancel' ]] || words+=' --unmasked'
                    ;;
                'sms send')
                    ((behind)) || words=$(_aiflowctl_listed "$1" calls)
                    words+=' --ref'
                    ;;
                'log level') ((behind)) || words='debug info warning error' ;;
            esac
            words+=' --socket --json --help'
            # Flags are offered when they are asked for.
            # shellcheck disable=SC2086
            [[ $word == -* ]] || words=$(printf '%s\n' $words | grep -v '^-')
            ;;
    esac
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
}

complete -F _aiflowctl aiflowctl

#pragma once

#include <optional>
#include <string>
#include <vector>

/// What aiflowctl ends with.
enum ctl_exit : int {
    exit_done = 0,
    exit_refused = 1,         ///< the daemon did not do it, and said why
    exit_usage = 64,          ///< EX_USAGE
    exit_unavailable = 69,    ///< EX_UNAVAILABLE: no daemon at the socket
    exit_not_permitted = 77,  ///< EX_NOPERM
};

enum class ctl_command : unsigned char {
    status,
    calls,
    sms_list,
    sms_show,
    sms_send,
    sms_cancel,
    send,
    tail,
    log_level,
    drain,
    reload
};

/// The command line of aiflowctl.
struct ctl_flags {
    ctl_command command = ctl_command::status;
    std::string socket;
    bool json = false;
    bool unmasked = false;
    bool content = false;

    std::string id = {};       ///< sms show, sms cancel
    std::string session = {};  ///< sms send, tail
    std::string to = {};
    std::string text = {};  ///< sms send: the SMS; send: the JSON; "-" until it is read from stdin
    std::string ref = {};
    std::string state = {};
    std::string limit = {};
    std::vector<std::string> types = {};
    std::string level = {};
};

/// The flags, or what to end with; help and errors have been printed then.
struct parsed_ctl_flags {
    std::optional<ctl_flags> flags;
    int exit_code = 0;
};

parsed_ctl_flags parse_ctl_flags(int argc, char** argv);

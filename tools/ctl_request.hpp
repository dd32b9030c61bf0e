#pragma once

#include "ctl_flags.hpp"

#include <string>

/// What a command asks of the control socket.
struct ctl_request {
    std::string method;
    std::string target;
    std::string body = {};  ///< JSON
};

ctl_request request_of(const ctl_flags& f);

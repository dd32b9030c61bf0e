#pragma once

#include "ctl_request.hpp"

#include <boost/system/result.hpp>

#include <functional>
#include <string>
#include <string_view>

/// Why there is no answer.
struct ctl_failure {
    int exit_code = exit_unavailable;
    std::string text = {};
};

struct ctl_answer {
    unsigned status = 0;
    std::string body = {};
};

template <class T>
using ctl_result = boost::system::result<T, ctl_failure>;

/// Asks the daemon at the Unix socket `path` one thing, within ten seconds.
ctl_result<ctl_answer> ask(const std::string& path, const ctl_request& request);

/// Asks for something that goes on. Gives the pieces of a body with status 200 to `take` as they
/// come, until the daemon or SIGINT or SIGTERM ends it; the body of the answer is empty then. Any
/// other status is answered as by `ask`.
ctl_result<ctl_answer> follow(const std::string& path, const ctl_request& request,
                              const std::function<void(std::string_view)>& take);

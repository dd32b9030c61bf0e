#pragma once

#include "daemon/control_error.hpp"
#include "daemon/live_tail.hpp"

#include <boost/json/object.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace aiflow {

/// What the daemon says to a request.
struct control_answer {
    unsigned status = 200;
    std::string body = {};
    std::string_view content_type = "application/json";
    std::string allowed = {};                   ///< methods, with 405
    std::shared_ptr<live_tail> tail = nullptr;  ///< its lines follow until somebody has enough
};

/// The object in one line.
control_answer json_answer(unsigned status, const boost::json::object& o);

/// `{"error":{...}}`
control_answer error_answer(const control_error& e);
control_answer error_answer(const problem& p);

/// For `content_type` "text/plain".
control_answer text_answer(unsigned status, std::string text);

}  // namespace aiflow

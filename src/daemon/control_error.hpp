#pragma once

#include "aiflow/error.hpp"

#include <boost/json/object.hpp>

#include <string>

namespace aiflow {

/// Why a request is not served, as the answer says it.
struct control_error {
    unsigned status = 500;  ///< of HTTP
    std::string code;       ///< stable, for programs
    std::string field = {};
    std::string text;  ///< what is wrong, and the remedy

    bool operator==(const control_error&) const = default;
};

/// The same for what the library, or the system, has refused.
control_error error_of(const problem& p);

/// `{"code","field","text"}`
boost::json::object to_json(const control_error& e);

}  // namespace aiflow

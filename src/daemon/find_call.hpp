#pragma once

#include "daemon/bot_call.hpp"
#include "daemon/control_error.hpp"

#include <boost/system/result.hpp>

#include <string_view>

namespace aiflow {

/// The live call whose session id is `id`, or begins with it and no other one's does; the log shows
/// eight characters, and four are needed. Errors: 422 and 404, for the field `session`.
/// Lifetime: of the handler; take a `shared_from_this` before waiting for anything.
boost::system::result<bot_call*, control_error> find_call(const live_calls& calls,
                                                          std::string_view id);

}  // namespace aiflow

#pragma once

#include "daemon/bot.hpp"
#include "daemon/environment.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <memory>

namespace aiflow {

/// What answers the calls, as the configuration says. Reads the files that it names. Problem: one
/// of them is wrong.
checked<std::unique_ptr<bot>> make_bot(const asio::any_io_executor& executor, bot_environment& env,
                                       const daemon_config& config,
                                       const daemon_environment& environment);

}  // namespace aiflow

#pragma once

#include "daemon/config.hpp"

#include <string_view>
#include <vector>

namespace aiflow {

/// The keys whose values differ between two configurations, by their dotted names.
struct config_changes {
    std::vector<std::string_view> at_reload;   ///< take effect while the daemon runs
    std::vector<std::string_view> at_restart;  ///< do not

    bool empty() const noexcept { return at_reload.empty() && at_restart.empty(); }
};

config_changes changes_between(const daemon_config& running, const daemon_config& wanted);

/// Takes over what may change while the daemon runs; the rest of `running` stays, so that a later
/// comparison still shows it.
void take_live(daemon_config& running, const daemon_config& wanted);

}  // namespace aiflow

#include "daemon/config_changes.hpp"

#include "daemon/config_keys.hpp"

#include <variant>

namespace aiflow {

config_changes changes_between(const daemon_config& running, const daemon_config& wanted)
{
    config_changes changes;
    for (const config_key& key : config_keys())
        if (value_text(key, running) != value_text(key, wanted))
            (key.change == key_change::at_reload ? changes.at_reload : changes.at_restart)
                .push_back(key.name);
    return changes;
}

void take_live(daemon_config& running, const daemon_config& wanted)
{
    daemon_config source = wanted;
    for (const config_key& key : config_keys()) {
        if (key.change != key_change::at_reload)
            continue;
        std::visit([&](auto* target) { *target = *std::get<decltype(target)>(key.slot(source)); },
                   key.slot(running));
    }
    running.source = wanted.source;
}

}  // namespace aiflow

#pragma once

#include "aiflow/client.hpp"
#include "aiflow/listener.hpp"
#include "daemon/bot.hpp"
#include "daemon/process_facts.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace aiflow {

/// What is known of an outbox on disk.
struct outbox_facts {
    std::map<sms_state, std::size_t> messages = {};
    std::uint64_t bytes = 0;
    bool broken = false;
};

/// Everything that is measured elsewhere and told at the moment of a scrape.
struct metrics_snapshot {
    struct side {
        std::string name;  ///< "listen" or "connect"
        session_statistics sessions = {};
        sms_statistics sms = {};
        std::optional<listener_status> listener = {};
        std::optional<client_status> client = {};
        std::optional<outbox_facts> outbox = {};  ///< absent: in memory, or not counted yet
    };

    std::vector<side> sides = {};
    bot_health bot = {};
    process_facts process = {};
    clock::wall_time started = {};
    std::string version = {};
    std::uint64_t reloads = 0;  ///< of the configuration, that were carried out
    std::uint64_t refused_reloads = 0;
    bool reload_failed = false;        ///< the last one; the configuration in force is older
    clock::wall_time configured = {};  ///< when the configuration in force was taken over
};

}  // namespace aiflow

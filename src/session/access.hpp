#pragma once

#include "aiflow/secret.hpp"
#include "transport/http_request.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace aiflow {

/// Who may ask for what at a listener (reliability.md S6 to S10). Decides only.
struct access_rules {
    std::string websocket_path;
    std::string event_path;            ///< of events by HTTP; none when empty
    std::string health_path;           ///< none when empty
    std::vector<secret> tokens;        ///< each is valid; without any, none is asked for
    std::vector<std::string> origins;  ///< that may send an `Origin`
};

/// What is to be done with a request.
struct access_decision {
    enum kind_type : unsigned char { websocket, event, health, refused };

    kind_type kind = refused;
    unsigned status = 0;            ///< of a refusal
    std::string_view detail = {};   ///< why, for the log
    std::string_view allowed = {};  ///< methods, with 405
};

access_decision decide(const http_request& request, const access_rules& rules);

}  // namespace aiflow

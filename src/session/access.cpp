#include "session/access.hpp"

#include "transport/websocket_header.hpp"

#include <algorithm>

namespace aiflow {

namespace {

access_decision no(unsigned status, std::string_view detail, std::string_view allowed = {})
{
    return {access_decision::refused, status, detail, allowed};
}

// The service is no browser; a page in somebody's browser must not get at the bot.
bool is_foreign_page(const http_request& r, const access_rules& rules)
{
    return r.count("Origin") > 0 &&
           (r.count("Origin") > 1 || std::find(rules.origins.begin(), rules.origins.end(),
                                               r.value("Origin")) == rules.origins.end());
}

bool has_token(const http_request& r, const access_rules& rules)
{
    if (rules.tokens.empty())
        return true;
    if (r.count("X-API-TOKEN") != 1)
        return false;
    // All are looked at, so that the time does not tell which one it was.
    bool found = false;
    for (const auto& t : rules.tokens)
        found = t.matches(r.value("X-API-TOKEN")) || found;
    return found;
}

}  // namespace

access_decision decide(const http_request& request, const access_rules& rules)
{
    const auto path = request.path();
    if (!rules.health_path.empty() && path == rules.health_path) {
        if (request.method != "GET" && request.method != "HEAD")
            return no(405, "not a GET", "GET, HEAD");
        return {access_decision::health};
    }
    const bool may_be_event = !rules.event_path.empty() && path == rules.event_path;
    const bool may_be_websocket = path == rules.websocket_path;
    if (!may_be_event && !may_be_websocket)
        return no(404, "no such path");
    if (is_foreign_page(request, rules))
        return no(403, "sent by a web page: its Origin is not in `origins`");
    if (!has_token(request, rules))
        return no(401, request.count("X-API-TOKEN") == 0   ? "without X-API-TOKEN"
                       : request.count("X-API-TOKEN") == 1 ? "with another X-API-TOKEN"
                                                           : "with X-API-TOKEN more than once");
    if (may_be_event && request.method == "POST")
        return {access_decision::event};
    if (may_be_websocket)
        return {access_decision::websocket};
    return no(405, "not a POST", "POST");
}

}  // namespace aiflow

#include "daemon/call_json.hpp"

#include "daemon/wall_time_text.hpp"

namespace aiflow {

boost::json::object call_json(const session_info& session, const bot_call::facts& known,
                              const disclosure& shown)
{
    return {{"session", session.id},
            {"from", shown.number(session.from_phone_number)},
            {"to", shown.number(session.to_phone_number)},
            {"direction", session.direction},
            {"opened", wall_time_text(known.opened)},
            {"last", wall_time_text(known.last)},
            {"last_event", known.last_event},
            {"events", known.events},
            {"actions", known.actions}};
}

}  // namespace aiflow

#include "daemon/live_feed.hpp"

#include "daemon/live_line.hpp"

#include <boost/json/serialize.hpp>

#include <utility>

namespace aiflow {

namespace json = boost::json;

live_feed::live_feed(asio::any_io_executor executor, clock& time)
    : executor_(std::move(executor)), time_(time)
{
}

std::shared_ptr<live_tail> live_feed::watch(tail_filter filter)
{
    std::erase_if(tails_, [](const auto& t) { return t.expired(); });
    if (tails_.size() >= max_tails)
        return nullptr;
    auto tail = std::make_shared<live_tail>(executor_, std::move(filter));
    tails_.push_back(tail);
    return tail;
}

void live_feed::tell(const session_info& session, std::string_view kind, std::string_view type,
                     const add_members& add)
{
    bool gone = false;
    for (const auto& weak : tails_) {
        const auto tail = weak.lock();
        gone |= !tail;
        if (!tail || !tail->filter().wants(session.id, kind, type))
            continue;
        auto line = live_line(time_.wall_now(), kind, session.id, type);
        if (add)
            add(line, tail->filter().shown);
        tail->add(json::serialize(line));
    }
    if (gone)
        std::erase_if(tails_, [](const auto& t) { return t.expired(); });
}

void live_feed::opened(const session_info& session)
{
    if (tails_.empty())
        return;
    tell(session, "opened", {},
         [&](json::object& line, const disclosure& shown) { show(line, session, shown); });
}

void live_feed::event(const incoming_event& e)
{
    if (tails_.empty())
        return;
    tell(e.session, "event", type_name(e.event),
         [&](json::object& line, const disclosure& shown) { show(line, e, shown); });
}

void live_feed::action(const session_info& session, const aiflow::action& a,
                       const std::optional<problem>& refused, std::optional<sms_id> id)
{
    if (tails_.empty())
        return;
    tell(session, "action", type_name(a), [&](json::object& line, const disclosure& shown) {
        show(line, a, shown);
        if (id)
            line["id"] = to_string(*id);
        if (refused)
            line["refused"] = to_string(*refused);
    });
}

void live_feed::outcome(const session_info& session, const sms_outcome& o)
{
    if (tails_.empty())
        return;
    tell(session, "outcome", {}, [&](json::object& line, const disclosure&) { show(line, o); });
}

void live_feed::closed(const session_info& session)
{
    if (!tails_.empty())
        tell(session, "closed", {}, {});
}

}  // namespace aiflow

// What operators ask of a daemon.
#include "daemon/config_keys.hpp"
#include "daemon/daemon.hpp"
#include "daemon/status_json.hpp"
#include "daemon/wall_time_text.hpp"

#include <boost/json/array.hpp>

#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace aiflow {

std::optional<std::string> daemon::not_healthy() const
{
    for (const auto& side : sides_) {
        if (side->store().broken())
            return "the outbox cannot be written";
    }
    return std::nullopt;
}

std::optional<std::string> daemon::not_ready() const
{
    if (auto why = not_healthy())
        return why;
    if (!serving())
        return "stopping";
    if (const auto health = bot_->health(); !health.ready)
        return health.text;
    for (const auto& side : sides_) {
        const client* c = side->as_client();
        if (c == nullptr)
            continue;
        const auto status = c->status();
        if (status.state == client_state::open)
            continue;
        return status.last_failure ? "not connected: " + to_string(*status.last_failure)
                                   : "not connected";
    }
    return std::nullopt;
}

boost::json::object daemon::status() const
{
    const auto why = not_ready();
    boost::json::object o{{"state", serving() ? "serving" : "draining"}, {"ready", !why}};
    if (why)
        o["not_ready"] = *why;
    o["pid"] = ::getpid();
    for (auto& [key, value] : status_json(snapshot(), real_clock().now(), real_clock().wall_now()))
        o[key] = std::move(value);
    const auto words = choices_of(*find_config_key("handler.type"));
    const auto type = static_cast<std::size_t>(setup_.config.handler.type);
    boost::json::object handler{{"type", words[type]}};
    for (auto& [key, value] : o["handler"].as_object())
        handler[key] = std::move(value);
    o["handler"] = std::move(handler);
    o["config"] = {
        {"file", setup_.config_file},
        {"loaded", wall_time_text(configured_)},
        {"reload_failed", reload_failed_},
        {"pending_restart", boost::json::array(pending_restart_.begin(), pending_restart_.end())}};
    o["log_level"] = to_string(level());
    return o;
}

metrics_snapshot daemon::snapshot() const
{
    metrics_snapshot now;
    for (const auto& side : sides_) {
        metrics_snapshot::side s;
        s.name = side->name();
        s.sessions = side->statistics();
        s.sms = side->sms();
        if (const listener* l = side->as_listener())
            s.listener = l->status();
        if (const client* c = side->as_client())
            s.client = c->status();
        s.outbox = side->known_of_store();
        now.sides.push_back(std::move(s));
    }
    now.bot = bot_->health();
    now.process = read_process_facts();
    now.started = started_;
    now.version = AIFLOW_VERSION;
    now.reloads = reloads_;
    now.refused_reloads = refused_reloads_;
    now.reload_failed = reload_failed_;
    now.configured = configured_;
    return now;
}

std::string daemon::metrics() const
{
    return metrics_.text(snapshot());
}

asio::awaitable<checked<std::vector<sms_record>>> daemon::list_sms(std::optional<sms_state> state,
                                                                   std::size_t limit)
{
    std::vector<sms_record> all;
    for (const auto& side : sides_) {
        auto found = co_await side->store().list(state, limit);
        if (!found)
            co_return problem{found.error(), "outbox", found.error().message()};
        std::move(found->begin(), found->end(), std::back_inserter(all));
    }
    std::stable_sort(all.begin(), all.end(), [](const sms_record& a, const sms_record& b) {
        return a.accepted_at > b.accepted_at;
    });
    if (all.size() > limit)
        all.erase(all.begin() + static_cast<std::ptrdiff_t>(limit), all.end());
    co_return all;
}

asio::awaitable<checked<std::optional<sms_record>>> daemon::find_sms(sms_id id)
{
    for (const auto& side : sides_) {
        auto found = co_await side->store().find(id);
        if (!found)
            co_return problem{found.error(), "outbox", found.error().message()};
        if (*found)
            co_return std::move(*found);
    }
    co_return std::optional<sms_record>();
}

bool daemon::cancel_sms(sms_id id)
{
    return std::any_of(sides_.begin(), sides_.end(),
                       [id](const auto& side) { return side->cancel_sms(id); });
}

void daemon::set_level(log_level level)
{
    setup_.log.set_threshold(level);
    setup_.log.write(log_level::info, "log.level", "the level of the log was changed",
                     {{"level", std::string(to_string(level))}});
}

}  // namespace aiflow

// Requests about live calls.

#include "aiflow/codec.hpp"
#include "daemon/call_json.hpp"
#include "daemon/control_handlers.hpp"
#include "daemon/find_call.hpp"
#include "daemon/tail_types.hpp"
#include "text/phrases.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <utility>

namespace aiflow {

namespace json = boost::json;

namespace {

constexpr std::size_t shown_of_type = 40;

/// The actions for one call.
struct call_actions {
    bot_call_ptr call;
    std::vector<action> actions;
};

// Each call once, in the order of their first actions.
boost::system::result<std::vector<call_actions>, control_error>
group(const live_calls& calls, std::vector<addressed_action> actions)
{
    std::vector<call_actions> groups;
    for (auto& a : actions) {
        const auto call = find_call(calls, a.session_id);
        if (!call)
            return call.error();
        auto found = std::find_if(groups.begin(), groups.end(),
                                  [&](const call_actions& g) { return g.call.get() == *call; });
        if (found == groups.end())
            found = groups.insert(found, call_actions{(*call)->shared_from_this(), {}});
        found->actions.push_back(std::move(a.action));
    }
    return groups;
}

std::vector<std::string> split(std::string_view list)
{
    std::vector<std::string> parts;
    while (!list.empty()) {
        const auto end = std::min(list.find(','), list.size());
        if (end > 0)
            parts.emplace_back(list.substr(0, end));
        list.remove_prefix(std::min(end + 1, list.size()));
    }
    return parts;
}

std::vector<std::string> read_types(query_reader& query)
{
    auto types = split(query.text("types"));
    for (const std::string& type : types) {
        if (std::find(tail_types.begin(), tail_types.end(), type) != tail_types.end())
            continue;
        std::string known;
        for (const auto each : tail_types)
            known.append(known.empty() ? "" : ", ").append(each);
        query.report("types", in_quotes(type, shown_of_type) + " is none of " + known);
    }
    return types;
}

}  // namespace

asio::awaitable<control_answer> list_calls(control_desk& desk, control_request r)
{
    query_reader query(r);
    disclosure shown;
    shown.numbers = query.flag("unmasked");
    if (const auto wrong = query.finish())
        co_return error_answer(*wrong);
    json::array calls;
    for (const auto& [id, call] : desk.daemon.calls())
        calls.push_back(call_json(call->info(), call->known(), shown));
    co_return json_answer(200, {{"calls", std::move(calls)}});
}

asio::awaitable<control_answer> post_actions(control_desk& desk, control_request r)
{
    if (const auto wrong = query_reader(r).finish())
        co_return error_answer(*wrong);
    auto read = decode_actions(r.body);
    if (!read)
        co_return error_answer(read.error());
    auto groups = group(desk.daemon.calls(), std::move(*read));
    if (!groups)
        co_return error_answer(groups.error());
    std::size_t sent = 0;
    json::array refused;
    json::array sms;
    for (auto& g : *groups) {
        sent += g.actions.size();
        const auto done = co_await bot_call::act(g.call, std::move(g.actions));
        sent -= done.refused.size();
        for (const auto& why : done.refused)
            refused.push_back(to_json(error_of(why)));
        for (const auto& ticket : done.accepted)
            sms.push_back(json::string(to_string(ticket.id)));
    }
    co_return json_answer(
        200, {{"sent", sent}, {"refused", std::move(refused)}, {"sms", std::move(sms)}});
}

asio::awaitable<control_answer> tail_calls(control_desk& desk, control_request r)
{
    query_reader query(r);
    tail_filter filter;
    const auto session = query.text("session");
    filter.types = read_types(query);
    filter.shown.numbers = query.flag("unmasked");
    filter.shown.content = query.flag("content");
    if (const auto wrong = query.finish())
        co_return error_answer(*wrong);
    if (!session.empty()) {
        const auto call = find_call(desk.daemon.calls(), session);
        if (!call)
            co_return error_answer(call.error());
        filter.session = (*call)->id();
    }
    control_answer a;
    a.content_type = "application/x-ndjson";
    a.tail = desk.feed.watch(std::move(filter));
    if (a.tail)
        co_return a;
    const control_error full{503, "too_many_tails", "",
                             "as many as may watch do so already; end one of them"};
    co_return error_answer(full);
}

}  // namespace aiflow

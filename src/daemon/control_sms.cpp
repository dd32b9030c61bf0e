// Requests about SMS.

#include "daemon/control_body.hpp"
#include "daemon/control_handlers.hpp"
#include "daemon/find_call.hpp"
#include "daemon/sms_json.hpp"
#include "daemon/sms_states.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <utility>

namespace aiflow {

namespace json = boost::json;

namespace {

constexpr std::size_t usual_limit = 50;
constexpr std::size_t max_limit = 1000;

std::optional<sms_state> read_state(query_reader& query)
{
    const auto name = query.text("state");
    if (name.empty())
        return std::nullopt;
    std::string known;
    for (const auto s : sms_states) {
        if (to_string(s) == name)
            return s;
        known.append(known.empty() ? "" : ", ").append(to_string(s));
    }
    query.report("state", "is none of " + known);
    return std::nullopt;
}

disclosure read_disclosure(query_reader& query)
{
    disclosure shown;
    shown.numbers = query.flag("unmasked");
    shown.content = query.flag("content");
    return shown;
}

control_error unknown_sms()
{
    return {404, "unknown_sms", "id",
            "no SMS has this id; GET /v1/sms lists those that are remembered"};
}

/// What somebody wants to be sent.
struct sms_wish {
    std::string session = {};
    std::optional<phone_number> to = {};
    std::string text = {};
    std::optional<bool> retry = {};
    sms_options options = {};
};

checked<sms_wish> read_wish(const std::string& body)
{
    sms_wish wish;
    std::optional<problem> wrong;
    read_body(body, wrong, [&](strict_object& o) {
        wish.session = o.needed_text("session");
        wish.to = o.needed_phone_number("to");
        wish.text = o.needed_text("text");
        wish.options.client_ref = o.text("client_ref");
        if (o.has("retry"))
            wish.retry = o.boolean("retry");
        wish.options.duplicate_ok = o.boolean("duplicate_ok");
    });
    if (wrong)
        return std::move(*wrong);
    return wish;
}

}  // namespace

asio::awaitable<control_answer> list_sms(control_desk& desk, control_request r)
{
    query_reader query(r);
    const auto state = read_state(query);
    const auto limit = query.count("limit", usual_limit, max_limit);
    const auto shown = read_disclosure(query);
    if (const auto wrong = query.finish())
        co_return error_answer(*wrong);
    const auto records = co_await desk.daemon.list_sms(state, limit);
    if (!records)
        co_return error_answer(records.error());
    json::array list;
    for (const auto& record : *records)
        list.push_back(sms_json(record, shown));
    co_return json_answer(200, {{"sms", std::move(list)}});
}

asio::awaitable<control_answer> show_sms(control_desk& desk, control_request r)
{
    query_reader query(r);
    const auto shown = read_disclosure(query);
    if (const auto wrong = query.finish())
        co_return error_answer(*wrong);
    const auto id = sms_id_from(r.parameter);
    if (!id)
        co_return error_answer(unknown_sms());
    const auto found = co_await desk.daemon.find_sms(*id);
    if (!found)
        co_return error_answer(found.error());
    if (!*found)
        co_return error_answer(unknown_sms());
    auto o = sms_json(**found, shown);
    o["history"] = history_json(**found);
    co_return json_answer(200, o);
}

asio::awaitable<control_answer> post_sms(control_desk& desk, control_request r)
{
    if (const auto wrong = query_reader(r).finish())
        co_return error_answer(*wrong);
    auto wish = read_wish(r.body);
    if (!wish)
        co_return error_answer(wish.error());
    const auto call = find_call(desk.daemon.calls(), wish->session);
    if (!call)
        co_return error_answer(call.error());
    wish->options.retry = wish->retry.value_or((*call)->environment().retry_sms);
    send_sms message{std::move(*wish->to), std::move(wish->text)};
    const auto ticket = co_await bot_call::submit((*call)->shared_from_this(), std::move(message),
                                                  std::move(wish->options));
    if (!ticket)
        co_return error_answer(ticket.error());
    co_return json_answer(201, {{"id", to_string(ticket->id)},
                                {"segments", ticket->segments},
                                {"repeated", ticket->repeated}});
}

asio::awaitable<control_answer> cancel_sms(control_desk& desk, control_request r)
{
    if (const auto wrong = query_reader(r).finish())
        co_return error_answer(*wrong);
    const auto id = sms_id_from(r.parameter);
    if (!id)
        co_return error_answer(unknown_sms());
    if (desk.daemon.cancel_sms(*id)) {
        control_answer done;
        done.status = 204;
        co_return done;
    }
    const auto found = co_await desk.daemon.find_sms(*id);
    if (!found)
        co_return error_answer(found.error());
    if (!*found)
        co_return error_answer(unknown_sms());
    const control_error late{409, "too_late", "id",
                             "is settled, or an attempt is on its way; it cannot be taken back"};
    co_return error_answer(late);
}

}  // namespace aiflow

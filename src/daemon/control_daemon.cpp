// Requests about the daemon as a whole.

#include "daemon/control_body.hpp"
#include "daemon/control_handlers.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace aiflow {

namespace {

constexpr std::array levels{log_level::debug, log_level::info, log_level::warning,
                            log_level::error};

control_answer level_answer(log_level l)
{
    return json_answer(200, {{"level", to_string(l)}});
}

checked<log_level> read_level(const std::string& body)
{
    std::optional<problem> wrong;
    std::string name;
    read_body(body, wrong, [&](strict_object& o) { name = o.needed_text("level"); });
    if (wrong)
        return std::move(*wrong);
    const auto* const found = std::find_if(levels.begin(), levels.end(),
                                           [&](log_level l) { return to_string(l) == name; });
    if (found == levels.end())
        return problem{make_error_code(errc::invalid_value), "level",
                       "is none of debug, info, warning, error"};
    return *found;
}

control_answer health_answer(const std::optional<std::string>& why_not)
{
    return why_not ? text_answer(503, *why_not + "\n") : text_answer(200, "ok\n");
}

}  // namespace

asio::awaitable<control_answer> show_status(control_desk& desk, control_request r)
{
    if (const auto wrong = query_reader(r).finish())
        co_return error_answer(*wrong);
    co_return json_answer(200, desk.daemon.status());
}

asio::awaitable<control_answer> show_log_level(control_desk& desk, control_request r)
{
    if (const auto wrong = query_reader(r).finish())
        co_return error_answer(*wrong);
    co_return level_answer(desk.daemon.level());
}

asio::awaitable<control_answer> set_log_level(control_desk& desk, control_request r)
{
    if (const auto wrong = query_reader(r).finish())
        co_return error_answer(*wrong);
    const auto wanted = read_level(r.body);
    if (!wanted)
        co_return error_answer(wanted.error());
    desk.daemon.set_level(*wanted);
    co_return level_answer(desk.daemon.level());
}

asio::awaitable<control_answer> drain(control_desk& desk, control_request r)
{
    if (const auto wrong = query_reader(r).finish())
        co_return error_answer(*wrong);
    desk.daemon.drain();
    co_return json_answer(202, {{"draining", true}});
}

asio::awaitable<control_answer> reload(control_desk& desk, control_request r)
{
    if (const auto wrong = query_reader(r).finish())
        co_return error_answer(*wrong);
    if (const auto wrong = desk.daemon.reload()) {
        auto e = error_of(*wrong);
        e.status = 422;
        co_return error_answer(e);
    }
    co_return json_answer(200, {{"reloaded", true}});
}

// Whoever asks for these adds queries of its own now and then; they mean nothing here.

asio::awaitable<control_answer> show_metrics(control_desk& desk, control_request)
{
    auto a = text_answer(200, desk.daemon.metrics());
    a.content_type = "text/plain; version=0.0.4; charset=utf-8";
    co_return a;
}

asio::awaitable<control_answer> show_health(control_desk& desk, control_request)
{
    co_return health_answer(desk.daemon.not_healthy());
}

asio::awaitable<control_answer> show_readiness(control_desk& desk, control_request)
{
    co_return health_answer(desk.daemon.not_ready());
}

}  // namespace aiflow

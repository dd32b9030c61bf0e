#include "control_rig.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace aiflow::test {

namespace {

using namespace std::chrono_literals;

/// Says nothing by itself.
class quiet_handler final : public bot_handler {
public:
    using bot_handler::bot_handler;

private:
    asio::awaitable<void> on_event(incoming_event) override { co_return; }
};

listener_options options_for(manual_clock& time)
{
    listener_options o;
    o.time = &time;
    o.seed = 7;
    return o;
}

asio::awaitable<void> receive(std::shared_ptr<http_endpoint> endpoint, std::string body,
                              std::shared_ptr<std::optional<http_endpoint::reply>> into)
{
    *into = co_await endpoint->receive(std::move(body));
    endpoint->replied(**into, true);
}

asio::awaitable<void> serve(control_api* api, http_request request, control_scope scope,
                            std::shared_ptr<std::optional<control_answer>> into)
{
    *into = co_await api->serve(std::move(request), scope);
}

}  // namespace

asio::awaitable<checked<std::vector<sms_record>>>
pretended_daemon::list_sms(std::optional<sms_state> state, std::size_t limit)
{
    if (throws)
        throw std::runtime_error("on purpose");
    limit_asked = limit;
    if (broken_storage)
        co_return *broken_storage;
    std::vector<sms_record> found;
    for (const auto& r : records)
        if (found.size() < limit && (!state || r.state == *state))
            found.push_back(r);
    co_return found;
}

asio::awaitable<checked<std::optional<sms_record>>> pretended_daemon::find_sms(sms_id id)
{
    if (broken_storage)
        co_return *broken_storage;
    const auto found = std::find_if(records.begin(), records.end(),
                                    [id](const sms_record& r) { return r.id == id; });
    co_return found == records.end() ? std::optional<sms_record>() : std::optional(*found);
}

bool pretended_daemon::cancel_sms(sms_id id)
{
    cancelled.push_back(id);
    return can_cancel == id;
}

control_rig::control_rig(asio::io_context& context, manual_clock& clock)
    : io(context), time(clock), feed(io.get_executor(), time),
      api(daemon, feed,
          logger([this](const log_record& r) { log.emplace_back(r.id); }, log_level::debug)),
      options(options_for(time)), service(io.get_executor(), options)
{
    daemon.live = &env.calls;
    env.time = &time;
    env.observers.push_back(&feed);
    service.sessions->serve([this](session s) -> std::unique_ptr<handler> {
        return std::make_unique<quiet_handler>(std::move(s), env);
    });
    endpoint = std::make_shared<http_endpoint>(*service.sessions, options.connection, 800ms);
    asio::co_spawn(io, service.sessions->start(), asio::detached);
    settle(io);
}

control_rig::~control_rig()
{
    asio::co_spawn(io, service.sessions->stop(0ms), asio::detached);
    run_for(io, time, 1min);
}

std::string control_rig::event(std::string json)
{
    auto into = std::make_shared<std::optional<http_endpoint::reply>>();
    asio::co_spawn(io, receive(endpoint, std::move(json), into), asio::detached);
    settle(io);
    return into->value().letter.body;
}

control_answer control_rig::ask(std::string method, std::string target, std::string body,
                                control_scope scope)
{
    http_request request;
    request.method = std::move(method);
    request.target = std::move(target);
    request.body = std::move(body);
    auto into = std::make_shared<std::optional<control_answer>>();
    asio::co_spawn(io, serve(&api, std::move(request), scope, into), asio::detached);
    settle(io);
    return std::move(into->value());
}

sms_record waiting_record(std::uint64_t id)
{
    using std::chrono::seconds;
    sms_record r;
    r.id = {id};
    r.session_id = "7f3a9c21-5d1e";
    r.recipient = "4915112345678";
    r.text = "Your code is 4242.";
    r.segments = 1;
    r.options.client_ref = "order-17";
    r.accepted_at = clock::wall_time(seconds(1'700'000'000));
    r.due = clock::wall_time(seconds(1'700'000'004));
    r.state = sms_state::waiting_retry;
    r.attempts = {{1, clock::wall_time(seconds(1'700'000'001)), true, true, "smsc_unavailable"}};
    r.outcome.reason = sms_reason::smsc_unavailable;
    r.outcome.reason_text = "smsc_unavailable";
    return r;
}

}  // namespace aiflow::test

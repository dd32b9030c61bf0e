#include "webhook_rig.hpp"

#include <boost/asio/co_spawn.hpp>

#include <stdexcept>
#include <utility>

namespace aiflow::test {

namespace {

asio::awaitable<bool> write(message_stream& stream, std::string text)
{
    const outgoing_message m{outgoing_message::text, text};
    const auto result = co_await stream.write({&m, 1});
    co_return !result.error;
}

asio::awaitable<bool> read_texts(message_stream& stream, std::deque<std::string>& into)
{
    auto batch = co_await stream.read();
    if (!batch)
        co_return false;
    for (const auto& m : *batch)
        if (m.kind == incoming_message::text)
            into.emplace_back(m.data);
    co_return true;
}

}  // namespace

std::string http_text(std::string_view status, std::string_view body, std::string_view headers)
{
    return "HTTP/1.1 " + std::string(status) +
           "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + std::string(headers) +
           "\r\n" + std::string(body);
}

std::string take_post(loopback& net, raw_peer& app)
{
    constexpr std::string_view length = "\r\nContent-Length: ";
    if (!app.receives("\r\n\r\n"))
        throw std::runtime_error("no request came");
    const auto& all = app.received();
    const auto body = all.find("\r\n\r\n") + 4;
    const auto size = std::stoul(all.substr(all.find(length) + length.size()));
    if (!net.until([&] { return app.ended() || all.size() >= body + size; }))
        throw std::runtime_error("half a request came");
    auto text = all.substr(body);
    app.forget();
    return text;
}

webhook_rig::webhook_rig(daemon_config::webhook_section settings, secret token)
{
    env.log = logger(
        [this](const log_record& r) {
            log.push_back(std::string(r.id) + ": " + std::string(r.text));
            for (const auto& f : r.fields)
                log.back() += " " + std::string(f.name) + "=" + f.value;
        },
        log_level::debug);
    env.time = &net.time;
    env.apology = "Sorry.";
    config.webhook = std::move(settings);
    if (config.webhook.url.empty())
        config.webhook.url = "http://127.0.0.1:" + std::to_string(net.port()) + "/hook?a=b";
    bot.emplace(net.io.get_executor(), env, config, std::move(token));
    asio::co_spawn(net.io, bot->run(), [this](std::exception_ptr) { bot_ended_ = true; });

    listener_options o;
    o.port = 0;
    o.time = &net.time;
    o.seed = 7;
    o.connection.ping_interval = std::chrono::hours(1);
    service.emplace(net.io, std::move(o));
    service->serve([this](session call) { return bot->take(std::move(call)); });
    service->open().value();
    service->async_run([this](std::exception_ptr, error_code ec) { finished_ = ec; });

    dial_options d;
    d.url = "ws://127.0.0.1:" + std::to_string(service->port()) + "/ws";
    stream = net.run(dial(net.time, d)).value();
    read();
}

webhook_rig::~webhook_rig()
{
    service->abort();
    bot->stop();
    net.until([this] { return finished_ && bot_ended_ && reading_->done(); });
    settle(net.io);
}

void webhook_rig::read()
{
    if (reading_ && !reading_->done())
        return;
    if (reading_ && !reading_->get())
        throw std::runtime_error("the connection has ended");
    reading_.emplace(net.start(read_texts(*stream, actions_)));
}

void webhook_rig::send(std::string event)
{
    if (!net.run(write(*stream, std::move(event))))
        throw std::runtime_error("an event could not be written");
}

std::string webhook_rig::next()
{
    while (actions_.empty()) {
        read();
        if (!net.until([this] { return reading_->done(); }))
            throw std::runtime_error("no action came");
    }
    auto text = std::move(actions_.front());
    actions_.pop_front();
    return text;
}

bool webhook_rig::silent()
{
    if (actions_.empty())
        read();
    for (int i = 0; i < 5; ++i)
        settle(net.io);
    return actions_.empty();
}

void webhook_rig::pass(clock::duration span)
{
    for (int i = 0; i < 3; ++i)
        settle(net.io);  // whoever begins to wait now does so before time passes
    net.time.advance(span);
    for (int i = 0; i < 3; ++i)
        settle(net.io);
}

std::size_t webhook_rig::logged(std::string_view id) const
{
    std::size_t n = 0;
    for (const auto& line : log)
        n += line.starts_with(id) ? 1 : 0;
    return n;
}

}  // namespace aiflow::test

#include "pipe_rig.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <utility>

namespace aiflow::test {

asio::awaitable<error_code> slow_outbox::put(sms_record record, durability when)
{
    while (stands_still) {
        const error_code ec = co_await time_.sleep_until(time_.now() + 100ms);
        if (ec)
            co_return ec;
    }
    co_return co_await inner_.put(std::move(record), when);
}

pipe_rig::pipe_rig()
{
    env.time = &time;
    env.apology = "One moment please.";
    env.log = logger([this](const log_record& r) {
        std::string line(r.id);
        for (const auto& f : r.fields)
            line += " " + std::string(f.name) + "=" + f.value;
        log.push_back(std::move(line));
    });
    client_options o;
    o.url = "ws://127.0.0.1:1/";
    o.time = &time;
    o.store = &store;
    o.seed = 7;
    loop_ = std::make_shared<client_loop>(io.get_executor(), std::move(o),
                                          [this] { return connect(); });
    loop_->home().serve([this](session s) { return bot->take(std::move(s)); });
}

pipe_rig::~pipe_rig()
{
    store.stands_still = false;
    loop_->abort();
    run_for(io, time, 1min);
    cancel_.emit(asio::cancellation_type::all);
    BOOST_TEST(until([this] { return bot_finished_; }));
    // The handlers go before the bot.
    loop_.reset();
    settle(io);
}

void pipe_rig::run_shell(const std::string& script)
{
    run({"/bin/sh", "-c", script});
}

void pipe_rig::run(std::vector<std::string> command)
{
    config.pipe.command = std::move(command);
    bot = std::make_unique<pipe_bot>(io.get_executor(), config, env, 1);
    bot_finished_ = false;
    asio::co_spawn(
        io, bot->run(),
        asio::bind_cancellation_slot(cancel_.slot(), [this](const std::exception_ptr& thrown) {
            BOOST_TEST(!thrown);
            bot_finished_ = true;
        }));
    asio::co_spawn(io, loop_->run(), asio::detached);
    settle(io);
}

void pipe_rig::send(std::string text)
{
    asio::co_spawn(io, write(std::move(text)), asio::detached);
    settle(io);
}

bool pipe_rig::until(const std::function<bool()>& done)
{
    const auto limit = std::chrono::steady_clock::now() + 30s;
    while (!done()) {
        if (std::chrono::steady_clock::now() > limit)
            return false;
        io.restart();
        io.run_for(5ms);
    }
    return true;
}

std::size_t pipe_rig::logged(std::string_view id) const
{
    return static_cast<std::size_t>(std::count_if(
        log.begin(), log.end(), [id](const std::string& line) { return line.starts_with(id); }));
}

asio::awaitable<dial_result> pipe_rig::connect()
{
    simulator::stream_pair pair(io.get_executor(), time);
    service_ = std::move(pair.far);
    asio::co_spawn(io, read(), asio::detached);
    co_return std::move(pair.near);
}

asio::awaitable<void> pipe_rig::read()
{
    for (;;) {
        auto batch = co_await service_->read();
        if (!batch)
            co_return;
        for (const auto& m : *batch) {
            if (m.kind == incoming_message::text)
                messages.emplace_back(m.data);
        }
    }
}

asio::awaitable<void> pipe_rig::write(std::string text)
{
    const outgoing_message m{outgoing_message::text, text};
    co_await service_->write({&m, 1});
}

}  // namespace aiflow::test

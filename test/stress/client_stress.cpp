// The client under several threads; made for the thread sanitizer.
#include "aiflow/client.hpp"
#include "loopback_service.hpp"

#include <boost/asio/use_future.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <future>
#include <memory>
#include <optional>
#include <random>
#include <thread>
#include <vector>

using namespace aiflow;
using aiflow::test::loopback_service;

namespace {

struct announcing_bot final : handler {
    announcing_bot(session call, std::shared_ptr<std::promise<session>> where)
        : handler(std::move(call)), where_(std::move(where))
    {
    }

    asio::awaitable<void> on_session_start(session_start) override
    {
        where_->set_value(call());
        co_return;
    }

    std::shared_ptr<std::promise<session>> where_;
};

struct greeting_bot final : handler {
    using handler::handler;
    asio::awaitable<void> on_session_start(session_start) override { return say("hello"); }
};

client_options options_for(const loopback_service& service)
{
    client_options o;
    o.url = service.url();
    o.drain = std::chrono::milliseconds(0);
    return o;
}

// Lets some time pass without a sleep, different each time.
void dawdle(std::mt19937& random)
{
    for (auto n = random() % 200; n > 0; --n)
        std::this_thread::yield();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(client_stress)

BOOST_AUTO_TEST_CASE(a_thousand_sends_from_each_of_eight_threads)
{
    loopback_service service;
    asio::io_context io(1);
    client bot(io, options_for(service));
    auto where = std::make_shared<std::promise<session>>();
    bot.serve<announcing_bot>(where);
    auto finished = bot.async_run(asio::use_future);
    std::thread runner([&io] { io.run(); });

    session call = where->get_future().get();
    std::vector<std::thread> senders;
    senders.reserve(8);
    std::atomic<int> refused{0};
    for (int t = 0; t < 8; ++t)
        senders.emplace_back([call, &refused]() mutable {
            const speak hello{.text = "hello"};
            for (int i = 0; i < 1000; ++i)
                if (!call.async_send(hello, asio::use_future).get())
                    ++refused;
        });
    for (auto& s : senders)
        s.join();
    BOOST_TEST(refused == 0);
    bot.stop();
    BOOST_TEST(!finished.get());
    runner.join();
    BOOST_TEST(service.messages == 8000u);
}

BOOST_AUTO_TEST_CASE(it_stops_at_any_moment)
{
    loopback_service service;
    std::mt19937 random(1);
    for (int round = 0; round < 200; ++round) {
        asio::io_context io(1);
        client bot(io, options_for(service));
        bot.serve<greeting_bot>();
        auto finished = bot.async_run(asio::use_future);
        std::thread runner([&io] { io.run(); });
        dawdle(random);
        if (round % 2)
            bot.abort();
        else
            bot.stop();
        BOOST_TEST(!finished.get());
        runner.join();
    }
}

BOOST_AUTO_TEST_CASE(it_is_destroyed_while_connecting)
{
    loopback_service service(loopback_service::manner::never_answers);
    std::mt19937 random(2);
    for (int round = 0; round < 200; ++round) {
        asio::io_context io(1);
        auto bot = std::make_optional<client>(io, options_for(service));
        bot->serve<greeting_bot>();
        auto finished = bot->async_run(asio::use_future);
        std::thread runner([&io] { io.run(); });
        dawdle(random);
        bot.reset();
        BOOST_TEST(!finished.get());
        runner.join();
    }
}

BOOST_AUTO_TEST_CASE(handles_outlive_the_client)
{
    loopback_service service;
    asio::io_context io(1);
    std::optional<session> call;
    {
        client bot(io, options_for(service));
        auto where = std::make_shared<std::promise<session>>();
        bot.serve<announcing_bot>(where);
        auto finished = bot.async_run(asio::use_future);
        std::thread runner([&io] { io.run(); });
        call = where->get_future().get();
        bot.abort();
        BOOST_TEST(!finished.get());
        runner.join();
    }
    BOOST_TEST(call->over());
    BOOST_TEST((call->send(hangup{}).error().code == errc::session_over));
}

BOOST_AUTO_TEST_SUITE_END()

// Listeners under several threads; made for the thread sanitizer.
#include "aiflow/listener.hpp"

#include <boost/asio/use_future.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <memory>
#include <random>
#include <thread>
#include <vector>

using namespace aiflow;

namespace {

struct greeting_bot final : handler {
    using handler::handler;
    asio::awaitable<void> on_session_start(session_start) override { return say("hello"); }
};

// A listener in a thread of its own.
struct shard {
    explicit shard(std::uint16_t port) : service(io, options(port))
    {
        service.serve<greeting_bot>();
        service.open().value();
        finished = service.async_run(asio::use_future);
        runner = std::thread([this] { io.run(); });
    }

    static listener_options options(std::uint16_t port)
    {
        listener_options o;
        o.port = port;
        o.share_port = true;
        o.drain = std::chrono::milliseconds(0);
        return o;
    }

    asio::io_context io{1};
    listener service;
    std::future<error_code> finished;
    std::thread runner;
};

asio::awaitable<bool> one_call(std::uint16_t port, int number)
{
    dial_options o;
    o.url = "ws://127.0.0.1:" + std::to_string(port) + "/ws";
    auto opened = co_await dial(real_clock(), o);
    if (!opened)
        co_return false;
    const std::string id = std::to_string(number);
    const std::string start = R"({"type":"session_start","session":{"id":")" + id + R"("}})";
    const outgoing_message m{outgoing_message::text, start};
    co_await (*opened)->write({&m, 1});
    const auto answer = co_await (*opened)->read();
    const bool greeted =
        answer && !answer->empty() && answer->front().data.find("hello") != std::string_view::npos;
    co_await (*opened)->close(1000, "", real_clock().now() + std::chrono::seconds(5));
    co_return greeted;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(listener_stress)

BOOST_AUTO_TEST_CASE(two_share_a_port_and_lose_no_call)
{
    shard first(0);
    shard second(first.service.port());
    std::vector<std::thread> callers;
    callers.reserve(4);
    std::atomic<int> greeted{0};
    for (int t = 0; t < 4; ++t)
        callers.emplace_back([&greeted, t, port = first.service.port()] {
            asio::io_context io(1);
            for (int i = 0; i < 50; ++i) {
                auto done = asio::co_spawn(io, one_call(port, t * 1000 + i), asio::use_future);
                io.restart();
                io.run();
                greeted += done.get() ? 1 : 0;
            }
        });
    for (auto& c : callers)
        c.join();
    BOOST_TEST(greeted == 200);
    for (auto* s : {&first, &second}) {
        s->service.stop();
        BOOST_TEST(!s->finished.get());
        s->runner.join();
        BOOST_TEST(s->service.status().accepted > 0u);
        BOOST_TEST(s->service.status().open == 0u);
    }
}

BOOST_AUTO_TEST_CASE(it_stops_at_any_moment)
{
    std::mt19937 random(1);
    for (int round = 0; round < 100; ++round) {
        shard s(0);
        std::thread caller([port = s.service.port(), round] {
            asio::io_context io(1);
            auto done = asio::co_spawn(io, one_call(port, round), asio::use_future);
            io.run();
            (void)done.get();
        });
        for (auto n = random() % 400; n > 0; --n)
            std::this_thread::yield();
        if (round % 2)
            s.service.abort();
        else
            s.service.stop();
        BOOST_TEST(!s.finished.get());
        s.runner.join();
        caller.join();
    }
}

BOOST_AUTO_TEST_SUITE_END()

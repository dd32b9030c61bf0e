// Many clients lose the same server at the same moment.
#include "rig.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <set>

using namespace aiflow;
using namespace aiflow::test;

namespace {

/// A server and its clients, each as a process of its own would have it: without a seed.
struct herd {
    explicit herd(std::size_t size)
    {
        for (std::size_t i = 0; i < size; ++i)
            join();
        settle(io);
    }

    ~herd()
    {
        for (auto& m : members)
            m->loop->abort();
        run_for(io, time, 1min);
    }

    struct member {
        std::shared_ptr<client_loop> loop;
        std::vector<clock::time_point> arrivals;
        std::vector<std::unique_ptr<message_stream>> far;  ///< the server's ends
        std::optional<simulator::stream_control> control;
    };

    void join()
    {
        auto* m = members.emplace_back(std::make_unique<member>()).get();
        client_options o;
        o.url = "ws://127.0.0.1:1/";
        o.time = &time;
        m->loop =
            std::make_shared<client_loop>(io.get_executor(), o, [this, m] { return connect(*m); });
        m->loop->home().serve(make_handler_factory<scripted_handler>(bot));
        asio::co_spawn(io, m->loop->run(), [](std::exception_ptr thrown, error_code) {
            if (thrown)
                std::rethrow_exception(thrown);
        });
    }

    asio::awaitable<dial_result> connect(member& m)
    {
        m.arrivals.push_back(time.now());
        if (!up) {
            connect_failure f;
            f.stage = connect_stage::tcp;
            f.error = make_error_code(boost::system::errc::connection_refused);
            co_return f;
        }
        simulator::stream_pair pair(io.get_executor(), time);
        m.far.push_back(std::move(pair.far));
        asio::co_spawn(io, serve(m.far.back().get()), asio::detached);
        m.control.emplace(pair.far_control);
        co_return std::move(pair.near);
    }

    // Whoever reads answers pings.
    static asio::awaitable<void> serve(message_stream* far)
    {
        for (;;) {
            const auto batch = co_await far->read();
            if (!batch)
                co_return;
        }
    }

    void kill()
    {
        up = false;
        for (auto& m : members) {
            m->arrivals.clear();
            m->control->reset();
        }
        settle(io);
    }

    asio::io_context io;
    manual_clock time;
    std::shared_ptr<script> bot = std::make_shared<script>();
    std::vector<std::unique_ptr<member>> members;
    bool up = true;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(herds)

BOOST_AUTO_TEST_CASE(F09_two_hundred_that_lost_their_server_come_back_spread_out)
{
    herd all(200);
    const auto killed = all.time.now();
    all.kill();
    run_for(all.io, all.time, 2min);

    // The n-th attempt of all: a part of the first delay, and of those behind it.
    for (std::size_t n : {0U, 1U, 2U, 4U, 6U}) {
        std::vector<double> at;
        for (const auto& m : all.members) {
            BOOST_REQUIRE(m->arrivals.size() > n);
            const auto from = n == 0 ? killed : m->arrivals[n - 1];
            at.push_back(std::chrono::duration<double>(m->arrivals[n] - from).count());
        }
        std::sort(at.begin(), at.end());
        double delay = 1;
        for (std::size_t i = 0; i < n; ++i)
            delay *= 1.6;
        // 60 % of the first delay, which is random as a whole; of the others the jitter, ±20 %.
        BOOST_TEST(at.back() - at.front() >= delay * (n == 0 ? 0.6 : 0.3));
        BOOST_TEST(at.back() <= delay * 1.21);
        // Not in heaps: no tenth of the spread holds a quarter of all.
        const double tenth = (at.back() - at.front()) / 10;
        for (int i = 0; i < 10; ++i) {
            const double low = at.front() + i * tenth;
            BOOST_TEST(std::count_if(at.begin(), at.end(),
                                     [=](double t) { return t >= low && t < low + tenth; }) < 50);
        }
    }

    std::set<std::vector<clock::time_point>> schedules;
    for (const auto& m : all.members)
        schedules.insert(m->arrivals);
    BOOST_TEST(schedules.size() == 200U);

    all.up = true;
    run_for(all.io, all.time, 73s);  // 60 s and its jitter
    for (const auto& m : all.members)
        BOOST_TEST((m->loop->status().state == client_state::open));
}

BOOST_AUTO_TEST_SUITE_END()

// When connections write: alone at once, and otherwise one after the other when all that came in
// the same turn has been answered.
#include "rig.hpp"
#include "session/connection.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>

#include <utility>

using namespace aiflow;
using namespace aiflow::test;

namespace {

/// Two connections of one dispatcher, with a call each.
struct two_calls : rig {
    two_calls() : pair(io.get_executor(), time)
    {
        rig::start();
        auto far = std::move(pair.far);
        second = std::make_unique<peer>(
            peer{std::move(far), pair.far_control, pair.near_control, {}, {}, {}});
        other =
            std::make_shared<connection>(std::move(pair.near), loop->home(), time, options, "2");
        asio::co_spawn(io, read(*second), asio::detached);
        asio::co_spawn(io, other->run(),
                       [this](std::exception_ptr, connection_end) { over = true; });
        settle();
        for (auto* p : {peers.front().get(), second.get()})
            p->client_control.write_at_once(true);
        send(last(), test::start("a"));
        send(*second, test::start("b"));
        bot->on_event = [this](scripted_handler& h, std::string what) {
            return answer(h, std::move(what));
        };
    }

    ~two_calls()
    {
        bot->on_event = {};
        other->abort();
        run(1s);
        BOOST_TEST(over);
    }

    asio::awaitable<void> answer(scripted_handler& h, std::string what)
    {
        // Of both, before this answer.
        seen.emplace_back(last().client_control.texts_written(),
                          second->client_control.texts_written());
        co_await h.say("after " + what);
    }

    // Both come in one turn.
    void send_both()
    {
        second->send(speak_event("b", "second"));
        asio::co_spawn(io, write(*second), asio::detached);
        send(last(), speak_event("a", "first"));
    }

    using counts = std::pair<std::size_t, std::size_t>;

    connection_options options;
    simulator::stream_pair pair;
    std::unique_ptr<peer> second;
    std::shared_ptr<connection> other;
    std::vector<counts> seen;
    bool over = false;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(write_turn)

BOOST_AUTO_TEST_CASE(what_came_in_one_turn_is_answered_before_any_answer_is_written)
{
    two_calls r;
    r.send_both();
    BOOST_TEST(r.seen.size() == 2u);
    BOOST_TEST((r.seen.at(0) == r.seen.at(1)));
    BOOST_TEST(r.last().client_control.texts_written() == r.seen[0].first + 1);
    BOOST_TEST(r.second->client_control.texts_written() == r.seen[0].second + 1);
}

BOOST_AUTO_TEST_CASE(a_connection_that_is_gone_by_its_turn_takes_nothing_along)
{
    two_calls r;
    r.bot->on_event = [&r](scripted_handler& h, std::string what) {
        if (what == "second")
            r.other->abort();
        return r.answer(h, std::move(what));
    };
    r.send_both();
    BOOST_TEST(r.seen.size() == 2u);
    BOOST_TEST(r.last().client_control.texts_written() == r.seen[0].first + 1);
    BOOST_TEST(r.second->client_control.texts_written() == r.seen[0].second);
    BOOST_TEST(r.over);
}

BOOST_AUTO_TEST_CASE(one_that_is_stopped_while_it_takes_events_ends_without_a_wait)
{
    two_calls r;
    r.bot->on_event = [&r](scripted_handler&, const std::string&) -> asio::awaitable<void> {
        if (!r.over)
            r.other->stop(1001, "going away");
        co_return;
    };
    r.send(*r.second, speak_event("b", "second"));
    BOOST_TEST(r.over);
}

BOOST_AUTO_TEST_CASE(a_connection_that_is_alone_does_not_wait_for_others)
{
    two_calls r;
    r.other->abort();
    r.run(1s);
    const auto before = r.last().client_control.texts_written();
    std::size_t after = before;
    // Posted while the event is being answered, as the turn of several connections would be.
    r.bot->on_event = [&](scripted_handler& h, std::string what) {
        asio::post(r.io, [&] { after = r.last().client_control.texts_written(); });
        return r.answer(h, std::move(what));
    };
    r.send(speak_event("a", "first"));
    BOOST_TEST(after == before + 1);
}

BOOST_AUTO_TEST_SUITE_END()

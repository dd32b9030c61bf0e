// When connections write: alone at once, and otherwise one after the other when all that came in
// the same turn has been answered.
#include "aiflow/memory_outbox.hpp"
#include "rig.hpp"
#include "session/connection.hpp"
#include "session/dispatcher.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <utility>

using namespace aiflow;
using namespace aiflow::test;

namespace {

/// Two connections with a call each; of one client, or of two that have the executor in common.
struct two_calls : rig {
    explicit two_calls(std::size_t clients = 1, client_options o = {})
        : rig(std::move(o)), pair(io.get_executor(), time)
    {
        rig::start();
        if (clients == 2) {
            apart = std::make_shared<dispatcher>(io.get_executor(), time, logger(),
                                                 session_options(), store, 1);
            apart->serve(make_handler_factory<scripted_handler>(bot));
        }
        auto far = std::move(pair.far);
        second = std::make_unique<peer>(
            peer{std::move(far), pair.far_control, pair.near_control, {}, {}, {}});
        other = std::make_shared<connection>(std::move(pair.near), apart ? *apart : loop->home(),
                                             time, options, "2");
        asio::co_spawn(io, read(*second), asio::detached);
        asio::co_spawn(
            io, other->run(),
            asio::bind_cancellation_slot(
                stop.slot(), [this](std::exception_ptr, connection_end) { over = true; }));
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

    // As if it had come while the executor is at work.
    static void arrive(peer& from, std::string_view text)
    {
        const std::array message{outgoing_message{outgoing_message::text, text}};
        from.control.write_at_once(true);
        BOOST_TEST(from.stream->begin_write(message).has_value());
    }

    using counts = std::pair<std::size_t, std::size_t>;

    connection_options options;
    simulator::stream_pair pair;
    memory_outbox store;
    std::shared_ptr<dispatcher> apart;
    std::unique_ptr<peer> second;
    std::shared_ptr<connection> other;
    asio::cancellation_signal stop;
    std::vector<counts> seen;
    bool over = false;
};

void both_answer_before_they_write(two_calls& r)
{
    r.send_both();
    BOOST_TEST(r.seen.size() == 2u);
    BOOST_TEST((r.seen.at(0) == r.seen.at(1)));
    BOOST_TEST(r.last().client_control.texts_written() == r.seen[0].first + 1);
    BOOST_TEST(r.second->client_control.texts_written() == r.seen[0].second + 1);
}

void first_writes_at_once_without_the_other(two_calls& r)
{
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

}  // namespace

BOOST_AUTO_TEST_SUITE(connections_in_one_turn)

BOOST_AUTO_TEST_CASE(what_came_in_one_turn_is_answered_before_any_answer_is_written)
{
    two_calls r;
    both_answer_before_they_write(r);
}

BOOST_AUTO_TEST_CASE(clients_of_one_executor_share_their_turns)
{
    two_calls r(2);
    both_answer_before_they_write(r);
}

BOOST_AUTO_TEST_CASE(a_client_that_is_left_alone_does_not_wait_for_others)
{
    two_calls r(2);
    first_writes_at_once_without_the_other(r);
}

BOOST_AUTO_TEST_CASE(the_next_question_is_read_behind_the_answer)
{
    two_calls r;
    r.bot->on_event = [&r](scripted_handler& h, std::string what) {
        if (what == "first")
            two_calls::arrive(r.last(), speak_event("a", "third"));
        return r.answer(h, std::move(what));
    };
    r.send_both();
    BOOST_TEST_REQUIRE(r.seen.size() == 3u);
    BOOST_TEST(r.seen[2].first == r.seen[0].first + 1);
    BOOST_TEST(r.seen[2].second == r.seen[0].second + 1);
    BOOST_TEST(r.last().client_control.texts_written() == r.seen[0].first + 2);
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

BOOST_AUTO_TEST_CASE(one_that_is_cancelled_while_it_waits_for_its_turn_ends)
{
    two_calls r;
    r.bot->on_event = [&r](scripted_handler& h, std::string what) {
        // Done before the turn, which is only known of when this has been answered.
        if (what == "second")
            asio::post(r.io, [&r] { r.stop.emit(asio::cancellation_type::terminal); });
        return r.answer(h, std::move(what));
    };
    r.send(*r.second, speak_event("b", "second"));
    BOOST_TEST(r.over);
}

BOOST_AUTO_TEST_CASE(what_was_read_is_given_up_before_the_turn_is_waited_for)
{
    two_calls r;
    std::vector<std::size_t> held;
    r.bot->on_event = [&](scripted_handler& h, std::string what) {
        held.push_back(r.last().client_control.messages_held());
        held.push_back(r.second->client_control.messages_held());
        return r.answer(h, std::move(what));
    };
    r.send_both();
    BOOST_TEST(held == (std::vector<std::size_t>{0, 1, 1, 0}));
}

BOOST_AUTO_TEST_CASE(one_that_is_cancelled_while_its_peer_is_behind_ends)
{
    two_calls r;
    r.options.queue_messages = 4;
    r.second->client_control.stall_writes(true);
    r.send(*r.second, speak_event("b", "one"));
    r.bot->on_event = [&r](scripted_handler& h, std::string) -> asio::awaitable<void> {
        for (int i = 0; i < 3; ++i)
            co_await h.say("more than the peer takes");
        r.stop.emit(asio::cancellation_type::terminal);
    };
    r.send(*r.second, speak_event("b", "two"));
    BOOST_TEST(r.over);
}

BOOST_AUTO_TEST_CASE(one_that_is_gone_does_not_wait_for_a_session_that_is_full)
{
    client_options o;
    o.sessions.queue_events = 1;
    two_calls r(1, o);
    r.bot->on_event = [&r](scripted_handler&, const std::string& what) -> asio::awaitable<void> {
        if (what == "abort")
            r.other->abort();
        if (what == "stuck")
            co_await r.time.sleep_until(r.time.now() + 1h);
    };
    r.send(*r.second, speak_event("b", "stuck"));
    r.send(*r.second, "[" + speak_event("b", "next") + "," + speak_event("c", "abort") + "," +
                          speak_event("b", "too many") + "]");
    BOOST_TEST(r.over);
}

BOOST_AUTO_TEST_CASE(a_connection_that_is_alone_does_not_wait_for_others)
{
    two_calls r;
    first_writes_at_once_without_the_other(r);
}

BOOST_AUTO_TEST_SUITE_END()

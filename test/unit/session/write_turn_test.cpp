// In which order those that share a turn write and go on.
#include "session/write_turn.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/test/unit_test.hpp>

#include <exception>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

using namespace aiflow;

namespace {

/// Says when it has its turn.
struct note_taker final : write_turn::writer {
    note_taker(std::string& notes, char name) : notes_(notes), name_(name) {}
    void write_queued() override
    {
        notes_ += name_;
        if (then)
            std::exchange(then, {})();
    }

    std::function<void()> then;

private:
    std::string& notes_;
    char name_;
};

struct turn_rig {
    std::shared_ptr<note_taker> writer(char name)
    {
        return std::make_shared<note_taker>(notes, name);
    }

    // Notes its name once all have written. `alive`: as long as it is there.
    asio::awaitable<void> reader(char name, std::shared_ptr<void> alive = {})
    {
        co_await turn->others();
        notes += name;
        alive.reset();
    }

    std::string notes;
    asio::io_context io;
    std::shared_ptr<write_turn> turn = write_turn::of(io.get_executor());
};

}  // namespace

BOOST_AUTO_TEST_SUITE(write_turn_suite)

BOOST_AUTO_TEST_CASE(who_waits_goes_on_when_all_have_written)
{
    turn_rig r;
    r.turn->write_later(r.writer('a'));
    asio::co_spawn(r.io, r.reader('1'), asio::detached);
    asio::co_spawn(r.io, r.reader('2'), asio::detached);
    r.turn->write_later(r.writer('b'));
    r.io.poll();
    BOOST_TEST(r.notes == "ab12");
}

BOOST_AUTO_TEST_CASE(what_is_queued_meanwhile_is_for_the_next_turn)
{
    turn_rig r;
    const auto first = r.writer('a');
    first->then = [&] {
        r.turn->write_later(r.writer('c'));
        asio::post(r.io, [&r] { r.notes += '|'; });
    };
    r.turn->write_later(first);
    r.turn->write_later(r.writer('b'));
    r.io.poll_one();
    BOOST_TEST(r.notes == "ab");
    r.io.poll();
    BOOST_TEST(r.notes == "abc|");
}

BOOST_AUTO_TEST_CASE(an_exception_behind_the_turn_does_not_cost_the_others_theirs)
{
    turn_rig r;
    r.turn = write_turn::of(asio::make_strand(r.io));
    const auto& strand = r.turn->get_executor();
    asio::co_spawn(strand, r.reader('1'),
                   [](std::exception_ptr) { throw std::runtime_error("1"); });
    asio::co_spawn(strand, r.reader('2'), asio::detached);
    BOOST_CHECK_THROW(r.io.poll(), std::runtime_error);
    r.io.poll();
    BOOST_TEST(r.notes == "12");
}

BOOST_AUTO_TEST_CASE(an_exception_of_one_does_not_cost_the_others_their_turn)
{
    turn_rig r;
    asio::co_spawn(r.io, r.reader('1'), [](std::exception_ptr) { throw std::runtime_error("1"); });
    asio::co_spawn(r.io, r.reader('2'), asio::detached);
    const auto first = r.writer('a');
    first->then = [] { throw std::runtime_error("a"); };
    r.turn->write_later(first);
    r.turn->write_later(r.writer('b'));
    BOOST_CHECK_THROW(r.io.poll(), std::runtime_error);
    BOOST_CHECK_THROW(r.io.poll(), std::runtime_error);
    r.io.poll();
    BOOST_TEST(r.notes == "ab12");
}

BOOST_AUTO_TEST_CASE(who_waits_goes_with_the_execution_context)
{
    const auto alive = std::make_shared<int>();
    std::weak_ptr<write_turn> turn;
    {
        turn_rig r;
        turn = r.turn;
        asio::co_spawn(r.io, r.reader('1', alive), asio::detached);
        r.io.poll_one();  // its beginning; the turn is what is left to be done
        r.turn->write_later(r.writer('a'));
        BOOST_TEST(r.notes.empty());
    }
    BOOST_TEST(alive.use_count() == 1);
    BOOST_TEST(turn.expired());
}

// Such as a handler that is destroyed with its timer and says its last word.
BOOST_AUTO_TEST_CASE(what_is_queued_while_a_strand_is_destroyed_goes_nowhere)
{
    struct last_word {
        explicit last_word(std::shared_ptr<write_turn> t) : turn(std::move(t)) {}
        last_word(last_word&&) = default;
        last_word(const last_word&) = delete;
        last_word& operator=(const last_word&) = delete;
        last_word& operator=(last_word&&) = delete;
        ~last_word()
        {
            if (turn)
                turn->write_later(std::make_shared<note_taker>(*notes, 'x'));
        }
        void operator()() const {}

        std::shared_ptr<write_turn> turn;
        std::shared_ptr<std::string> notes = std::make_shared<std::string>();
    };
    std::weak_ptr<write_turn> gone;
    {
        asio::io_context io;
        const auto strand = asio::make_strand(io);
        const auto turn = write_turn::of(strand);
        gone = turn;
        asio::post(strand, last_word(turn));
    }
    BOOST_TEST(gone.expired());
}

BOOST_AUTO_TEST_CASE(all_of_one_executor_share_it)
{
    turn_rig r;
    BOOST_TEST(write_turn::of(r.io.get_executor()) == r.turn);
    const auto strand = asio::make_strand(r.io);
    const auto of_strand = write_turn::of(strand);
    BOOST_TEST(of_strand != r.turn);
    BOOST_TEST(write_turn::of(strand) == of_strand);
    BOOST_TEST(write_turn::of(asio::make_strand(r.io)) != of_strand);

    of_strand->enter();
    BOOST_TEST(!of_strand->has_others());
    of_strand->enter();
    BOOST_TEST(of_strand->has_others());
    of_strand->leave(2);
    BOOST_TEST(!of_strand->has_others());
}

BOOST_AUTO_TEST_SUITE_END()

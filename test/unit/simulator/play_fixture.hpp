#pragma once

#include "stream_fixture.hpp"

#include "aiflow/codec.hpp"
#include "simulator/flow_simulator.hpp"
#include "simulator/scenario_reader.hpp"

#include <boost/test/unit_test.hpp>

#include <functional>

namespace aiflow::test {

inline std::string describe(const event& e)
{
    std::string text(type_name(e));
    if (const auto* s = std::get_if<user_speak>(&e))
        text += " " + s->text + (s->barged_in ? " (barged in)" : "");
    if (const auto* s = std::get_if<assistant_speak>(&e))
        text += " " + s->text;
    if (const auto* s = std::get_if<dtmf_received>(&e))
        text += " " + s->digit;
    if (const auto* s = std::get_if<session_end>(&e); s != nullptr && !s->reason.empty())
        text += " " + s->reason;
    if (const auto* s = std::get_if<sms_failed>(&e))
        text += " " + s->reason + (s->recipient.empty() ? "" : " " + s->recipient) +
                (s->message.empty() ? "" : " " + s->message);
    return text;
}

/// The client's end of one connection: remembers what it heard, says what the test wants.
struct test_bot {
    test_bot(const asio::any_io_executor& executor, manual_clock& time) : pair(executor, time) {}

    simulator::stream_pair pair;
    std::vector<std::string> heard;  // each event in words, other messages as they came
    std::vector<session_info> sessions;
    std::function<void(test_bot&, const incoming_event&)> answers = {};
    std::vector<std::string> to_send;
    std::optional<stream_end> ended;
};

inline asio::awaitable<void> run_bot(test_bot* bot)
{
    event_decoder decoder;
    for (;;) {
        auto got = co_await bot->pair.near->read();
        if (got.has_error()) {
            bot->ended = bot->pair.near->end();
            co_return;
        }
        for (const incoming_message& m : *got) {
            const auto decoded = decoder.decode(m.data);
            if (decoded.events.empty())
                bot->heard.emplace_back(m.data);
            for (const incoming_event& e : decoded.events) {
                bot->heard.push_back(describe(e.event));
                bot->sessions.push_back(e.session);
                if (bot->answers)
                    bot->answers(*bot, e);
            }
        }
        for (const std::string& text : std::exchange(bot->to_send, {})) {
            const std::vector<outgoing_message> batch{{outgoing_message::text, text}};
            co_await bot->pair.near->write(batch);
        }
    }
}

inline asio::awaitable<void> run_simulator(simulator::flow_simulator* sim, bool* over)
{
    co_await sim->run();
    *over = true;
}

struct play_fixture {
    manual_clock time;  // before the context, whose coroutines sleep on it to the end
    asio::io_context io;
    std::optional<simulator::flow_simulator> sim;
    std::vector<std::unique_ptr<test_bot>> bots;
    bool over = false;

    /// Starts to play the scenario; nobody is connected yet.
    void play(std::string_view toml, double speed = 1.0)
    {
        auto s = simulator::read_scenario(toml, "test.toml");
        if (s.has_error())
            BOOST_FAIL(to_string(s.error().front()));
        simulator::simulator_options options;
        options.speed = speed;
        sim.emplace(time, std::move(*s), std::move(options));
        asio::co_spawn(io, run_simulator(&*sim, &over), asio::detached);
        settle(io);
    }

    test_bot& connect(std::function<void(test_bot&, const incoming_event&)> answers = {})
    {
        bots.push_back(std::make_unique<test_bot>(io.get_executor(), time));
        test_bot& bot = *bots.back();
        bot.answers = std::move(answers);
        simulator::wire_faults faults;
        faults.reset = [control = bot.pair.far_control]() mutable { control.reset(); };
        faults.half_close = [control = bot.pair.far_control]() mutable { control.half_close(); };
        asio::co_spawn(io, run_bot(&bot), asio::detached);
        asio::co_spawn(io, sim->serve(std::move(bot.pair.far), std::move(faults)), asio::detached);
        settle(io);
        return bot;
    }

    /// Sends an action for the session that the bot heard last.
    void act(test_bot& bot, const action& a)
    {
        std::string text;
        encode(text, bot.sessions.back().id, a);
        send(bot, text);
    }

    void send(test_bot& bot, std::string_view text)
    {
        std::optional<write_result> result;
        asio::co_spawn(io,
                       write_batch(bot.pair.near.get(), {{outgoing_message::text, text}}, &result),
                       asio::detached);
        settle(io);
    }

    void pass(clock::duration span) { run_for(io, time, span); }

    bool finish(clock::duration limit = std::chrono::minutes{10})
    {
        return run_until(io, time, limit, [this] { return over; });
    }

    const simulator::journal& record() const { return sim->record(); }

    /// The expectations that failed, in words.
    std::vector<std::string> failures() const
    {
        std::vector<std::string> texts;
        for (const simulator::check_record& c : record().checks) {
            if (!c.held)
                texts.push_back(c.text);
        }
        return texts;
    }
};

inline send_sms sms_to(std::string_view number, std::string_view text)
{
    return {*phone_number::parse(number), std::string(text)};
}

}  // namespace aiflow::test

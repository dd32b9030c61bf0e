#include "bench/budget_workload.hpp"

#include "bench/budget_bot.hpp"
#include "bench/budget_calls.hpp"
#include "bench/budget_client.hpp"
#include "bench/budget_frames.hpp"

#include <array>
#include <stdexcept>
#include <string>

namespace aiflow::bench {

namespace {

constexpr std::array<std::string_view, 8> names{
    "one", "pipeline", "pipeline_server", "flood", "call", "speak_session", "sms", "tls"};

constexpr std::string_view speak_answer = R"("type":"speak")";
constexpr std::string_view sms_answer = R"("type":"send_sms")";

handler_factory bots(budget_bot::answer a, budget_counts* counts)
{
    return make_handler_factory<budget_bot>(a, counts);
}

void expect(std::size_t seen, std::size_t wanted, const char* what)
{
    if (seen != wanted)
        throw std::runtime_error(std::string(what) + ": " + std::to_string(seen) + " instead of " +
                                 std::to_string(wanted));
}

// So many sessions on one connection, one question in flight in each.
class questions final : public budget_workload {
public:
    questions(std::size_t in_flight, budget_wire wire)
        : in_flight_(in_flight), client_(wire, bots(budget_bot::answer::speech, &counts_))
    {
        std::string starts;
        for (std::size_t i = 0; i < in_flight; ++i) {
            starts += budget_frame(text_opcode, budget_start(i), masked());
            batch_ += budget_frame(text_opcode, budget_user_speak(i), masked());
        }
        client_.peer().send(starts);
        while (counts_.starts < in_flight)
            uncounted_turn(client_.io());
    }

    std::size_t play(std::size_t events, budget_turn turn) override
    {
        std::size_t played = 0;
        for (; played < events; played += in_flight_) {
            const auto wanted = client_.peer().texts() + in_flight_;
            client_.peer().send(batch_);
            while (client_.peer().texts() < wanted) {
                turn(client_.io());
                client_.peer().take(speak_answer);
            }
            expect(client_.peer().texts(), wanted, "answers");
        }
        return played;
    }

private:
    bool masked() { return client_.peer().masks(); }

    std::size_t in_flight_;
    budget_counts counts_;
    budget_client client_;
    std::string batch_;
};

// Events that need no answer, as fast as the library takes them.
class flood final : public budget_workload {
public:
    flood() : client_({}, bots(budget_bot::answer::speech, &counts_))
    {
        std::string starts;
        for (std::size_t i = 0; i < in_batch; ++i) {
            starts += budget_frame(text_opcode, budget_start(i), false);
            batch_ += budget_frame(text_opcode, budget_assistant_speak(i), false);
        }
        client_.peer().send(starts);
        while (counts_.starts < in_batch)
            uncounted_turn(client_.io());
    }

    std::size_t play(std::size_t events, budget_turn turn) override
    {
        std::size_t played = 0;
        for (; played < events; played += in_batch) {
            const auto wanted = counts_.own_words + in_batch;
            client_.peer().send(batch_);
            while (counts_.own_words < wanted)
                turn(client_.io());
            expect(counts_.own_words, wanted, "events");
        }
        client_.peer().take({});
        expect(client_.peer().texts(), 0, "answers");
        return played;
    }

private:
    static constexpr std::size_t in_batch = 64;

    budget_counts counts_;
    budget_client client_;
    std::string batch_;
};

// A new session each, whose one question is answered; it ends when the peer has the answer. With an
// SMS the peer has to prove that.
class short_sessions final : public budget_workload {
public:
    explicit short_sessions(budget_bot::answer a)
        : answer_(a == budget_bot::answer::sms ? sms_answer : speak_answer),
          sends_sms_(a == budget_bot::answer::sms), client_({}, bots(a, &counts_))
    {
    }

    std::size_t play(std::size_t events, budget_turn turn) override
    {
        std::size_t played = 0;
        for (; played < events; played += in_batch)
            play_batch(turn);
        return played;
    }

private:
    static constexpr std::size_t in_batch = 16;

    void play_batch(budget_turn turn)
    {
        std::string questions;
        std::string ends;
        for (std::size_t i = 0; i < in_batch; ++i, ++calls_) {
            questions += budget_frame(text_opcode, budget_start(calls_), false);
            questions += budget_frame(text_opcode, budget_user_speak(calls_), false);
            ends += budget_frame(text_opcode, budget_end(calls_), false);
        }
        auto& peer = client_.peer();
        peer.send(questions);
        while (peer.texts() < calls_ || !proven()) {
            turn(client_.io());
            peer.take(answer_);
            peer.answer_pings();
        }
        peer.send(ends);
        while (counts_.ends < calls_)
            turn(client_.io());
        expect(peer.texts(), calls_, "answers");
    }

    bool proven()
    {
        return !sends_sms_ || client_.home().sms().statistics().hand_off_time.total() == calls_;
    }

    std::string_view answer_;
    bool sends_sms_;
    budget_counts counts_;
    budget_client client_;
    std::size_t calls_ = 0;
};

}  // namespace

std::unique_ptr<budget_workload> make_budget_workload(std::string_view name)
{
    if (name == "one")
        return std::make_unique<questions>(1, budget_wire{});
    if (name == "pipeline")
        return std::make_unique<questions>(64, budget_wire{});
    if (name == "pipeline_server")
        return std::make_unique<questions>(64, budget_wire{false, false});
    if (name == "tls")
        return std::make_unique<questions>(64, budget_wire{true, true});
    if (name == "flood")
        return std::make_unique<flood>();
    if (name == "sms")
        return std::make_unique<short_sessions>(budget_bot::answer::sms);
    if (name == "speak_session")
        return std::make_unique<short_sessions>(budget_bot::answer::speech);
    if (name == "call")
        return std::make_unique<budget_calls>();
    return nullptr;
}

std::span<const std::string_view> budget_workload_names() noexcept
{
    return names;
}

}  // namespace aiflow::bench

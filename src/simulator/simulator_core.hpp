#pragma once

#include "aiflow/codec.hpp"
#include "simulator/at_speed.hpp"
#include "simulator/call_player.hpp"
#include "simulator/flow_simulator.hpp"

#include <boost/asio/steady_timer.hpp>

#include <map>
#include <random>
#include <set>
#include <unordered_map>

namespace aiflow::simulator {

/// A wake-up call for one waiting coroutine that is not lost when it comes before the wait.
struct bell {
    explicit bell(const asio::any_io_executor& executor)
        : timer(executor, asio::steady_timer::time_point::max())
    {
    }

    void ring()
    {
        rung = true;
        timer.cancel();
    }

    asio::steady_timer timer;
    bool rung = false;
};

/// One connection, as the calls see it.
struct sim_link {
    sim_link(const asio::any_io_executor& executor, std::size_t n) : number(n), wake(executor) {}

    std::size_t number;
    std::vector<std::string> queue;  // messages to be written
    const cut_step* cut = nullptr;   // after the queue has been written
    std::size_t calls_given = 0;
    bool refuses_calls = false;  // cut, or ended
    stream_end ended;
    bell wake;
};

/// The state that the coroutines of a `flow_simulator` share: calls, connections, journal. Carries
/// out what the players decide; waits for nothing.
class simulator_core {
public:
    simulator_core(clock& time, scenario s, simulator_options options)
        : time_(time), scenario_(std::move(s)), options_(std::move(options)),
          shared_desk_(scenario_.sms), random_(options_.seed)
    {
    }
    simulator_core(const simulator_core&) = delete;
    simulator_core& operator=(const simulator_core&) = delete;

    clock& time() noexcept { return time_; }
    const scenario& plan() const noexcept { return scenario_; }
    const journal& record() const noexcept { return journal_; }

    /// How long that is in this play.
    clock::duration scaled(std::chrono::milliseconds span) const noexcept
    {
        return at_speed(span, options_.speed);
    }

    std::shared_ptr<sim_link> open_link(const asio::any_io_executor& executor);

    /// No message will be written to it or read from it by the rules any more.
    void link_ended(sim_link& link, stream_end how, bool here);

    /// Its stream is finished with.
    void link_gone(const sim_link& link);

    /// A message of the bot came.
    void take_message(sim_link& link, const incoming_message& m);

    /// Goes on with every call whose time has come.
    void run_due();

    /// When `run_due` has something to do next.
    std::optional<clock::time_point> due() const;

    /// How many more connections the calls have a use for.
    std::size_t connections_wanted() const;

    bool begun() const noexcept { return begun_; }
    bool all_over() const noexcept { return begun_ && over_ == slots_.size(); }
    bool stopping() const noexcept { return stopping_; }
    void stop();
    void conclude();

    bell* run_bell = nullptr;  // of the coroutine that waits for `due`
    bool closing = false;      // everything is over: connections are to be closed
    std::size_t serving = 0;   // connections that are not finished with
    const std::vector<std::shared_ptr<sim_link>>& links() const noexcept { return links_; }

private:
    struct slot {
        slot(const call_plan& plan, const speech_plan& speech, sms_desk& desk, session_info session,
             clock::time_point start, double speed)
            : player(plan, speech, desk, std::move(session), start, speed)
        {
        }

        call_player player;
        std::shared_ptr<sim_link> link;
        std::optional<clock::time_point> due;
        bool over = false;
    };

    std::size_t open_links() const;
    void begin();
    session_info session_of(const call_plan& plan, unsigned copy);
    std::string next_session_id();
    void place_calls();
    void place_if_needed();
    void disconnect_calls(const sim_link& link);
    void note_due(std::size_t index);
    std::shared_ptr<sim_link> link_for_new_call(std::size_t index);
    void step(std::size_t index);
    void perform(std::size_t index, play& p);
    void send(std::size_t index, std::string text, const event* e);
    void cut_link(std::size_t index, const cut_step& how);
    void take_action(sim_link& link, const addressed_action& a);
    void refuse(sim_link& link, const problem& why);
    const sms_record& record_sms(std::size_t index, const send_sms& sms, bool late);
    void keep(frame_record f);
    void note(std::size_t connection, std::size_t call, decltype(happening::what) what);
    void wake();

    clock& time_;
    scenario scenario_;
    simulator_options options_;
    sms_desk shared_desk_;
    std::mt19937_64 random_;
    journal journal_;
    std::vector<std::unique_ptr<slot>> slots_;
    std::unordered_map<std::string, std::size_t> by_session_;
    std::set<std::pair<clock::time_point, std::size_t>> dues_;
    std::vector<std::shared_ptr<sim_link>> links_;
    std::map<std::string, unsigned> attempts_;
    std::size_t over_ = 0;
    bool begun_ = false;
    bool stopping_ = false;
    bool place_later_ = false;  // somebody lost a connection, or one has come
};

}  // namespace aiflow::simulator

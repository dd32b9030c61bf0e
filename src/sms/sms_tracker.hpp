#pragma once

#include "aiflow/clock.hpp"
#include "aiflow/event.hpp"
#include "aiflow/outbox.hpp"
#include "aiflow/phone_number.hpp"
#include "aiflow/sms.hpp"
#include "aiflow/sms_statistics.hpp"
#include "sms/sms_breaker.hpp"
#include "sms/sms_client_refs.hpp"
#include "sms/sms_command.hpp"
#include "sms/sms_deadlines.hpp"
#include "sms/sms_limits.hpp"
#include "sms/sms_message.hpp"
#include "sms/sms_sessions.hpp"

#include <boost/intrusive/list.hpp>
#include <boost/unordered/unordered_flat_map.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace aiflow {

/// Now, on both clocks.
struct sms_moment {
    clock::time_point now;
    clock::wall_time wall;
};

/// A message that an application wants to send. The id is new.
struct sms_submission {
    sms_id id;
    std::string session_id;
    phone_number recipient;
    std::string text;
    sms_options options = {};
};

/// Decides everything about SMS, and does nothing (reliability.md section 3).
///
/// It is told what happened and when, and says what is to be done by `next_command`; after every
/// input, and before the next `tick`, those are to be carried out in their order, and `tick` is due
/// at `next_deadline`. Time must not run backwards. No input costs more than the logarithm of what
/// is open, but for those that concern many messages at once (`vendor_reachable`, a breaker that
/// closes, `stop`).
class sms_tracker {
public:
    /// Whether anybody reads notes of that kind. Asked before one about a single message is made,
    /// of which there are many; the others are always made.
    using note_filter = std::function<bool(sms_command::note::about)>;

    /// `rules` are valid; `seed` makes delays and salts. Without `reads`, everything is noted.
    sms_tracker(sms_rules rules, std::uint64_t seed, note_filter reads = {});
    sms_tracker(const sms_tracker&) = delete;
    sms_tracker& operator=(const sms_tracker&) = delete;

    /// Takes up what the outbox holds. Before every other input.
    void restore(sms_moment at, std::vector<sms_record> records);

    /// A ticket, and whether it must not be handed out before the `answer` command.
    struct receipt {
        sms_ticket ticket;
        bool pending = false;
    };
    checked<receipt> submit(sms_moment at, sms_submission s);
    bool cancel(sms_moment at, sms_id id);

    /// A `store` command was carried out, or failed.
    void stored(sms_moment at, sms_id id, unsigned step, error_code result);

    void session_up(sms_moment at, std::string_view id);
    void session_gap(sms_moment at, std::string_view id);
    void session_over(sms_moment at, std::string_view id, bool vendor_reachable);
    void session_transferred(sms_moment at, std::string_view id);
    void session_answerable(sms_moment at, std::string_view id);
    void flush_held(sms_moment at, std::string_view session_id);
    void vendor_reachable(sms_moment at, bool reachable);

    /// A `transmit` command found no connection.
    void not_transmitted(sms_moment at, const sms_attempt_key& key);
    void written(sms_moment at, const sms_attempt_key& key);
    void not_written(sms_moment at, const sms_attempt_key& key, bool touched);
    void handed_off(sms_moment at, const sms_attempt_key& key);

    sms_failure failed(sms_moment at, std::string_view session_id, const sms_failed& e);

    void tick(sms_moment at);
    std::optional<clock::time_point> next_deadline() const;

    /// Refuses new messages, settles what is in flight, starts nothing any more.
    void stop(sms_moment at);

    /// What is to be done next, and forgets it; nothing when that was all.
    std::optional<sms_to_do> next_command();

    /// What a `store` command is about, as it is now.
    const sms_record& record(sms_id id) const { return messages_.at(id.value)->record; }

    bool knows_session(std::string_view id) const { return sessions_.find(id) != nullptr; }
    bool has_open(std::string_view session_id) const;
    bool knows(sms_id id) const;
    /// The latest, unless the message is open (again).
    std::optional<sms_outcome> outcome(sms_id id) const;
    sms_statistics statistics() const;

    /// How much is remembered, for tests of what must not grow.
    struct footprint {
        std::size_t messages = 0;
        std::size_t sessions = 0;
        std::size_t deadlines = 0;
        std::size_t numbers = 0;
    };
    footprint remembered() const noexcept;

private:
    void begin(sms_moment at) noexcept { at_ = at; }
    sms_message* find(sms_id id);
    sms_message* find_attempt(const sms_attempt_key& key);
    sms_session& session_of(std::string_view id);

    // Submitting and restoring.
    std::optional<problem> refusal(const sms_submission& s, const sms_session* known);
    std::optional<problem> wrong_options(const sms_options& o) const;
    bool is_duplicate(const sms_submission& s, const sms_session* known);
    receipt repeat_of(const sms_client_refs::known& earlier);
    sms_message& add(sms_session& s, sms_record&& taken, clock::time_point accepted);
    void reject(sms_message& m, error_code why);
    void take_back_number(const sms_message& m);
    void restore_open(const sms_record& record);
    void restore_final(const sms_record& record);
    clock::time_point steady(clock::wall_time past) const;

    // An attempt, from its turn to its end.
    void consider(sms_message& m);
    clock::time_point earliest(const sms_message& m) const;
    bool promise_frame(sms_message& m);
    void make_ready(sms_message& m, sms_state rest, clock::time_point due);
    void prepare(sms_message& m);
    void transmit(sms_message& m);
    void undo_attempt(sms_message& m);
    void withdraw(sms_message& m, clock::duration pause);
    bool repeat_lost(sms_message& m);
    void drop_repetition(sms_message& m);
    void listen(sms_message& m);
    void deafen(sms_message& m);
    void number_freed(const sms_message& m);

    // Its failure.
    void count_failure(const sms_failed& e, const sms_message& first);
    void report_ambiguous(const std::vector<sms_message*>& candidates, const sms_failed& e);
    void take_failure(sms_message& m, const sms_failed& e, sms_failure& result);
    clock::duration retry_delay(unsigned attempt);

    // The end.
    void give_up(sms_message& m, sms_state state);
    void settle(sms_message& m, sms_state state);
    void report(sms_message& m);
    void forget(sms_message& m);
    void end_session(sms_session& s);
    void note_open_end(sms_session& s);
    void drop_if_done(sms_session& s);

    void store(sms_message& m, outbox::durability when);
    void answer(sms_message& m, checked<void> result);
    void note(sms_command::note::about what, const sms_message& m, std::string_view detail = {},
              std::chrono::milliseconds in = {});
    void run_probes();
    void close_breaker();

    sms_rules rules_;
    note_filter reads_;
    std::mt19937_64 random_;
    sms_moment at_{};
    std::vector<sms_to_do> to_do_;
    std::size_t handed_out_ = 0;  ///< of these
    sms_sessions sessions_;
    boost::unordered_flat_map<std::uint64_t, std::unique_ptr<sms_message>> messages_;
    boost::intrusive::list<
        sms_session,
        boost::intrusive::member_hook<sms_session, decltype(sms_session::open_end),
                                      &sms_session::open_end>,
        boost::intrusive::constant_time_size<false>>
        over_;  ///< those with open messages
    std::map<sms_id, sms_message*> behind_breaker_;
    const sms_session* answering_ = nullptr;
    sms_deadlines deadlines_;
    sms_breaker breaker_;
    sms_account_guard account_;
    sms_limits limits_;
    sms_client_refs refs_;
    sms_statistics counted_;
    std::size_t open_ = 0;
    bool stopping_ = false;
};

}  // namespace aiflow

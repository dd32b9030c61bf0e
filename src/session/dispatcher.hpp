#pragma once

#include "aiflow/codec.hpp"
#include "aiflow/handler.hpp"
#include "aiflow/outbox.hpp"
#include "aiflow/session_options.hpp"
#include "aiflow/statistics.hpp"
#include "protocol/string_hash.hpp"
#include "session/recent_ids.hpp"
#include "session/session_link.hpp"
#include "session/session_state.hpp"
#include "session/write_turn.hpp"
#include "sms/sms_sender.hpp"
#include "transport/timetable.hpp"

#include <boost/unordered/unordered_flat_set.hpp>

#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace aiflow {

/// Events that wait until there is room for them.
using backlog = std::list<incoming_event>;

/// Knows every session: makes its handler, gives it its events, and finds its link.
///
/// Connections come and go below it; sessions are keyed by `session.id` alone, so an event that
/// comes on another connection takes its session along (protocol.md 1.3).
/// Thread safety: none; one executor.
/// Lifetime: must outlive its connections. Held by `shared_ptr`: `run` keeps it alive.
class dispatcher final : private sms_host, public std::enable_shared_from_this<dispatcher> {
public:
    dispatcher(asio::any_io_executor executor, clock& time, logger log, session_options options,
               outbox& store, std::uint64_t seed);
    ~dispatcher() override;

    void serve(handler_factory factory) { factory_ = std::move(factory); }

    /// Reads the outbox. Error: `storage_...`.
    asio::awaitable<error_code> start();

    /// Looks at sessions and connections when their time has come, until `work` has ended; what it
    /// has thrown, or null.
    asio::awaitable<std::exception_ptr> watch_during(asio::awaitable<void> work);

    /// What `watch_during` looks at.
    timetable& times() noexcept { return times_; }

    /// Ends the session if its time has come.
    void expire(session_state& s, clock::time_point now);

    /// A connection is open, or is gone and must not be used any more.
    void attach(session_link& c);
    void detach(session_link& c);

    /// When connections write; shared with all dispatchers of the executor.
    write_turn& turn() noexcept { return *turn_; }

    /// A way on which the service may speak up is there, or is gone: failures of SMS can be heard.
    void reachable();
    void unreachable();

    /// Takes one text message of a connection, which came at `now`. Gives back a session whose
    /// queue is full; what could not be delivered is in `rest` then, to be given to `resume` after
    /// `make_room`.
    std::shared_ptr<session_state> receive(session_link& c, std::string_view json,
                                           clock::time_point now, backlog& rest);
    std::shared_ptr<session_state> resume(session_link& c, clock::time_point now, backlog& rest);

    /// The same for one event that has been decoded.
    std::shared_ptr<session_state> receive(session_link& c, incoming_event& in,
                                           clock::time_point now, std::size_t bytes);

    /// Waits for the session's handler to catch up; ends the session when it does not.
    asio::awaitable<void> make_room(session_link& c, std::shared_ptr<session_state> full);

    /// Checks and queues actions on the session's connection.
    checked<void> send(session_state& s, std::span<const action> actions, bool as_array);

    /// The session may have SMS from now on.
    void introduce(session_state& s);

    sms_sender& sms() noexcept { return sms_; }
    const sms_sender& sms() const noexcept { return sms_; }

    std::shared_ptr<session_state> find(std::string_view id) const;
    /// A handle of the session of that id if it is there and not over.
    std::optional<session> find_open(std::string_view id) const;
    std::size_t live() const noexcept { return live_; }
    session_environment& environment() noexcept { return *env_; }
    /// Looks at every session.
    session_statistics snapshot() const noexcept;

    /// Opens no further session.
    void refuse_new() noexcept { stopping_ = true; }

    /// Set whenever the last live session has ended.
    async_event& quiet() noexcept { return quiet_; }

    /// Ends every session, settles the SMS, and waits for the handlers for at most `patience`.
    asio::awaitable<void> stop(clock::duration patience);

private:
    using session_ptr = std::shared_ptr<session_state>;

    // Sessions are found by their id, which they hold themselves.
    struct by_id {
        using is_transparent = void;
        static std::string_view id_of(std::string_view id) noexcept { return id; }
        static std::string_view id_of(const session_ptr& s) noexcept { return s->info.id; }

        // Not noexcept, for the reason of `string_hash`.
        std::size_t operator()(const auto& key) const { return string_hash{}(id_of(key)); }
        bool operator()(const auto& a, const auto& b) const noexcept
        {
            return id_of(a) == id_of(b);
        }
    };

    asio::awaitable<void> watch();
    bool transmit(std::string_view session_id, const sms_attempt_key& key, send_sms frame) override;
    void rejected(std::string_view session_id) override;
    void report(std::string_view session_id, const sms_outcome& outcome) override;

    session_ptr session_for(session_link& c, incoming_event& in);
    session_ptr find_on(const session_link& c, std::string_view id) const;
    std::unique_ptr<handler> make_handler(const session_ptr& s);
    checked<void> try_send(session_state& s, std::span<const action> actions, bool as_array);
    bool is_worth_opening(const incoming_event& in);
    session_ptr open(const session_info& info);
    void revive(session_state& s);
    void adopt(session_state& s, session_link& c);
    void route(session_state& s, event& e, std::size_t bytes);
    void end(session_state& s, session_end e);
    void push(session_state& s, session_event&& e, clock::time_point received,
              std::size_t bytes = 0);
    void leave_link(session_state& s, bool call_over);
    void handler_idle(session_state& s);
    void forget_later(session_state& s);
    void forget_if_done(session_state& s);

    clock::time_point deadline_of(const session_state& s) const;
    void schedule(session_state& s);

    std::shared_ptr<session_environment> env_;
    handler_factory factory_;
    event_decoder decoder_;
    boost::unordered_flat_set<session_ptr, by_id, by_id> sessions_;
    recent_ids ended_;
    timetable times_;
    async_event idle_;
    async_event quiet_;
    std::size_t live_ = 0;
    std::unordered_set<const session_link*> connections_;
    std::shared_ptr<write_turn> turn_;
    std::size_t ways_ = 0;  ///< by which the service can reach us
    bool stopping_ = false;
    bool too_many_logged_ = false;
    bool unserved_logged_ = false;
    sms_sender sms_;
};

}  // namespace aiflow

#pragma once

#include "aiflow/action.hpp"
#include "aiflow/clock.hpp"
#include "aiflow/log.hpp"
#include "aiflow/message_stream.hpp"
#include "aiflow/session_options.hpp"
#include "session/async_event.hpp"
#include "session/dispatcher.hpp"
#include "session/hand_off.hpp"
#include "session/outgoing_queue.hpp"
#include "session/session_link.hpp"
#include "session/write_turn.hpp"
#include "transport/timetable.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace aiflow {

/// How a connection's life ended.
struct connection_end {
    stream_end end;
    bool proven = false;  ///< a valid event or a pong came: the peer really is one
    clock::duration lived{};
    clock::duration silent{};  ///< since the last byte came
};

/// Why a connection ended, for the log.
std::string describe(const stream_end& end);

/// "12.3", for the log.
std::string in_seconds(clock::duration d);

/// One open WebSocket, whichever side opened it: reads, writes and watches until it ends.
///
/// One coroutine always reads. Everything that is queued in one turn of the executor is written
/// together, where there are several connections at its end (`write_turn`); only when the kernel
/// does not take it at once, another coroutine waits. What pings and notices silence is the
/// dispatcher's timetable. So an idle connection costs one coroutine.
///
/// Thread safety: none; one executor.
/// Lifetime: held by `shared_ptr`: what is posted keeps it alive. The dispatcher must outlive
/// `run`.
class connection final : public session_link,
                         public timetable::entry,
                         public write_turn::writer,
                         public std::enable_shared_from_this<connection> {
public:
    connection(std::unique_ptr<message_stream> stream, dispatcher& home, clock& time,
               const connection_options& options, std::string label);
    ~connection() override;

    /// Completes when the connection has ended and is closed. What is thrown meanwhile, `bad_alloc`
    /// most likely, drops the connection. Cancellation: terminal; drops it, too.
    asio::awaitable<connection_end> run();

    checked<void> queue(std::string_view session_id, std::span<const action> actions,
                        bool as_array) override;
    bool queue_sms(std::string_view session_id, const sms_attempt_key& key,
                   send_sms frame) override;
    std::size_t waiting() const noexcept override { return filling_.size() + writing_.size(); }

    /// Writes what is queued and closes; `run` completes within the close timeout. Idempotent.
    void stop(std::uint16_t code, std::string_view reason);

    /// Drops it at once; `run` completes.
    void abort();

    void write_queued() override;

    void mark_proven() noexcept override;

    /// Takes back what waits for a call that is over.
    void session_left(const session_state& s, bool call_over) override;

    /// Pings, notices that the peer is gone, or ends a close that takes too long.
    void on_due(clock::time_point now) override;

private:
    using session_ptr = std::shared_ptr<session_state>;

    session_ptr take(std::span<const incoming_message>& batch, backlog& rest);
    asio::awaitable<void> catch_up(std::span<const incoming_message> batch, session_ptr full,
                                   backlog rest);
    asio::awaitable<void> await_relief();
    asio::awaitable<void> await_writer();
    bool is_behind() const noexcept;
    async_event& relief();
    async_event& over();

    void flush_soon();
    void flush();
    void write();
    static asio::awaitable<void> finish_write(std::shared_ptr<connection> self);
    void written(const write_result& result);
    std::optional<std::string_view> ping_if_due();
    void end_reading();
    void take_back_sms();
    void fail(error_code why);
    void look_on(clock::time_point now);

    /// A ping that nothing has come after yet.
    struct unanswered {
        clock::time_point since;
        std::uint64_t bytes_in;
        std::uint64_t acknowledged;  ///< bytes out that have arrived
        bool behind;                 ///< there were others on their way before it
    };
    /// How what went out gets through.
    struct transfer {
        std::uint64_t arrived;  ///< bytes
        bool goes_on;           ///< others have not arrived yet
    };
    static bool extend(unanswered& ping, const transfer& out, clock::time_point now);
    transfer see_transfer(const stream_activity& seen) const noexcept;

    std::unique_ptr<message_stream> stream_;
    dispatcher& home_;
    clock& time_;
    const connection_options& options_;
    outgoing_queue filling_;
    outgoing_queue writing_;
    hand_off hand_off_;
    std::unique_ptr<async_event> relief_;  ///< something has been written
    std::unique_ptr<async_event> over_event_;
    clock::time_point opened_;
    clock::time_point reading_since_;                 ///< without a pause
    std::optional<clock::time_point> writing_since_;  ///< the kernel does not take all at once
    std::optional<unanswered> pinged_;
    std::optional<clock::time_point> stop_by_;
    std::string close_reason_;
    std::uint16_t close_code_ = 0;
    bool taking_ = false;  ///< messages that were read: what they cause is written together
    bool paused_ = false;  ///< nothing is read until a session, or the peer, has caught up
    bool flush_posted_ = false;
    bool ping_due_ = false;
    bool proven_ = false;
    bool over_ = false;  ///< nothing is read any more
    error_code failed_;
};

}  // namespace aiflow

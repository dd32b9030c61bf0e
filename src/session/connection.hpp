#pragma once

#include "aiflow/action.hpp"
#include "aiflow/clock.hpp"
#include "aiflow/log.hpp"
#include "aiflow/message_stream.hpp"
#include "aiflow/session_options.hpp"
#include "session/async_event.hpp"
#include "session/hand_off.hpp"
#include "session/outgoing_queue.hpp"
#include "session/session_link.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace aiflow {

class dispatcher;

/// How a connection's life ended.
struct connection_end {
    stream_end end;
    bool proven = false;  ///< a valid event or a pong came: the peer really is one
    clock::duration lived{};
};

/// Why a connection ended, for the log.
std::string describe(const stream_end& end);

/// "12.3", for the log.
std::string in_seconds(clock::duration d);

/// One open WebSocket, whichever side opened it: reads, writes and watches until it ends.
///
/// One coroutine always reads; one other alone writes, and takes everything that is queued; a third
/// one pings, and notices silence. Nothing else touches the stream.
/// Thread safety: none; one executor.
/// Lifetime: must stay until `run` has completed.
class connection final : public session_link {
public:
    connection(std::unique_ptr<message_stream> stream, dispatcher& home, clock& time,
               const logger& log, const connection_options& options, std::string label);
    ~connection() override;

    /// Completes when the connection has ended and is closed; never throws but `bad_alloc`.
    /// Cancellation: terminal; drops the connection.
    asio::awaitable<connection_end> run();

    checked<void> queue(std::string_view session_id, std::span<const action> actions,
                        bool as_array) override;
    bool queue_sms(std::string_view session_id, const sms_attempt_key& key,
                   const send_sms& frame) override;
    std::size_t waiting() const noexcept override { return filling_.size() + writing_.size(); }

    /// Writes what is queued and closes; `run` completes within the close timeout. Idempotent.
    void stop(std::uint16_t code, std::string_view reason);

    /// Drops it at once; `run` completes.
    void abort() noexcept;

    void mark_proven() noexcept override;

private:
    asio::awaitable<void> read_all();
    asio::awaitable<void> write_all();
    asio::awaitable<void> watch();
    asio::awaitable<bool> take(std::span<const incoming_message> batch);
    void account_for(const write_result& result);
    void fail(errc why);

    std::unique_ptr<message_stream> stream_;
    dispatcher& home_;
    clock& time_;
    const logger& log_;
    const connection_options& options_;
    outgoing_queue filling_;
    outgoing_queue writing_;
    hand_off hand_off_;
    async_event queued_;
    async_event written_;
    async_event look_;  ///< the watcher has to look again
    clock::time_point opened_;
    std::optional<clock::time_point> writing_since_;
    /// A ping that nothing has come after yet.
    struct unanswered {
        clock::time_point since;
        std::uint64_t bytes_in;
        std::uint64_t acknowledged;  ///< bytes out that have arrived
        bool behind;                 ///< there were others on their way before it
    };
    bool extend(unanswered& ping, const stream_activity& seen) const;
    std::uint64_t arrived(const stream_activity& seen) const noexcept;
    bool under_way(const stream_activity& seen) const noexcept;
    std::optional<unanswered> pinged_;
    std::optional<clock::time_point> stop_by_;
    std::uint16_t close_code_ = 0;
    std::string close_reason_;
    bool ping_due_ = false;
    bool proven_ = false;
    std::optional<errc> failed_;
};

}  // namespace aiflow

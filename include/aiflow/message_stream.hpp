#pragma once

#include "aiflow/clock.hpp"
#include "aiflow/error.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace aiflow {

/// Something that came in, whole.
struct incoming_message {
    enum kind_type : unsigned char { text, binary, pong };

    kind_type kind;
    std::string_view data;
};

/// Something to be written, whole.
struct outgoing_message {
    enum kind_type : unsigned char { text, ping };

    kind_type kind;
    std::string_view data;  ///< of a ping at most 125 bytes
};

/// How a batch was written.
struct write_result {
    error_code error;

    /// Index of the first message of which certainly no byte reached the kernel; the batch's size
    /// when there is none. Only messages from here on may be written again elsewhere without the
    /// risk that the peer gets them twice.
    std::size_t first_untouched = 0;
};

/// How a stream came to its end, for the decision what to do next.
struct stream_end {
    error_code error;              ///< `closed_by_peer`, `connection_lost`, `pong_timeout`, ...
    std::uint16_t close_code = 0;  ///< from the peer's close frame; 0 when there was none
    std::string close_reason;      ///< as it came: escape before logging
};

/// When bytes last moved, for whoever watches over a live link. Control frames and parts of
/// messages count.
struct stream_activity {
    clock::time_point last_in;   ///< a byte came; at first, when the stream was opened
    clock::time_point last_out;  ///< bytes left of a write that had to wait; at first as above
    std::uint64_t bytes_in = 0;
    std::uint64_t bytes_out = 0;
};

/// A WebSocket reduced to what the layers above need: whole messages, in batches.
///
/// Pings of the peer are answered by the stream itself; its pongs are handed up in their place
/// among the messages, since their order is what proves a hand-off.
///
/// Thread safety: none; everything on the stream's executor.
/// Usage: at most one read and one write at a time; they may overlap each other.
/// Lifetime: the owner keeps the stream until reads, writes and `close` have completed.
class message_stream {
public:
    virtual ~message_stream() = default;

    virtual asio::any_io_executor get_executor() = 0;

    /// Completes with at least one message: everything that is whole by then.
    /// Lifetime: the messages stay valid until the next `read`, or `release_messages`.
    /// Errors: see `end`. After an error every further `read` fails with the same one.
    /// Cancellation: terminal, total; completes with `operation_aborted`. No message is lost.
    virtual asio::awaitable<boost::system::result<std::span<const incoming_message>>> read() = 0;

    /// Gives up the messages of the last `read` before the next one does, so that their memory
    /// serves others meanwhile. False: the stream has ended, and `read` completes at once.
    virtual bool release_messages() { return true; }

    /// Begins to hand the whole batch to the kernel, in order, in as few calls as it takes. Most of
    /// the time the kernel takes it at once, and the write is complete when this returns; else
    /// `finish_write` has to complete it.
    /// Lifetime: the batch and its data must stay valid until completion.
    /// Errors: a failed write ends the stream.
    virtual std::optional<write_result> begin_write(std::span<const outgoing_message> batch) = 0;

    /// Completes what `begin_write` has left.
    /// Cancellation: terminal; the stream cannot be written to any more.
    virtual asio::awaitable<write_result> finish_write() = 0;

    /// Both in one.
    asio::awaitable<write_result> write(std::span<const outgoing_message> batch);

    /// Makes a pending read, a pending write, and reads that follow complete with
    /// `operation_aborted`, so that the owner can `close`. A read loses no message by it; a write
    /// that was pending ends the stream.
    virtual void interrupt() = 0;

    /// Sends a close frame unless one went out already, waits for the peer's answer until
    /// `deadline` (`time_point::max()`: until `abort`), and drops the connection. No `read` and no
    /// `write` may be pending.
    /// Cancellation: terminal; drops the connection at once.
    virtual asio::awaitable<void> close(std::uint16_t code, std::string_view reason,
                                        clock::time_point deadline) = 0;

    /// Drops the connection at once; pending operations complete with an error.
    virtual void abort() noexcept = 0;

    /// How it ended. Meaningful after `read` or `write` has failed.
    virtual stream_end end() const = 0;

    virtual stream_activity activity() const noexcept = 0;

    /// How many of the bytes that went out the peer's system has not acknowledged: what is sent
    /// now waits behind them.
    virtual std::uint64_t bytes_under_way() const noexcept = 0;
};

}  // namespace aiflow

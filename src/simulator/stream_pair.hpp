#pragma once

#include "aiflow/message_stream.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace aiflow::simulator {

class memory_wire;

/// How a write is made to fail.
struct write_fault {
    error_code error = make_error_code(errc::connection_lost);
    std::size_t delivered = 0;        ///< messages of the batch that reach the peer all the same
    std::size_t first_untouched = 0;  ///< what the writer is told; at least `delivered`
};

/// Faults of one end of a `stream_pair`, for as long as the test likes: it stays valid when the
/// stream has been handed to its owner, and after the owner has destroyed it.
///
/// Thread safety: none; the streams' executor.
/// Lifetime: must not outlive the execution context of the streams.
class stream_control {
public:
    stream_control(std::shared_ptr<memory_wire> wire, std::size_t side)
        : wire_(std::move(wire)), side_(side)
    {
    }

    /// The n-th read from now (1 is the next one to begin) fails, and the connection is lost.
    void fail_read(std::size_t nth, error_code error = make_error_code(errc::connection_lost));

    /// The next read to begin throws `bad_alloc`.
    void exhaust();

    /// The n-th write from now fails, and the connection is lost.
    void fail_write(std::size_t nth, write_fault fault = {});

    /// The connection is lost for both ends as soon as this end has written `messages` more texts.
    /// The write succeeds: what it held beyond the limit was in the kernel and never arrived.
    void drop_after(std::size_t messages);

    /// Whether everything that this end sends vanishes on the way, pongs included.
    void mute(bool on);

    /// Whether this end leaves pings unanswered.
    void swallow_pongs(bool on);

    /// Whether writes of this end stay pending, as when the peer's window is full.
    void stall_writes(bool on);

    /// Whether writes of this end are complete when they have begun, as they mostly are with a real
    /// kernel; otherwise they complete in a later turn, as when it has no room.
    void write_at_once(bool on);

    /// So many of the bytes that this end has written are still on their way.
    void hold_up(std::uint64_t bytes);

    /// The connection breaks at once, as by a reset; what has arrived can still be read.
    void reset();

    /// This end sends nothing more, as after shutdown(SHUT_WR): the peer reads the end of the
    /// connection without a close frame, and can still write.
    void half_close();

    /// This end sends a close frame although its owner did not ask for it.
    void send_close(std::uint16_t code, std::string_view reason);

    /// This end sends a binary message, which `write` cannot.
    void send_binary(std::string_view data);

    /// Texts, and pings, that this end has written so far.
    std::size_t texts_written() const noexcept;
    std::size_t pings_written() const noexcept;

    /// Messages that this end has read and not given up.
    std::size_t messages_held() const noexcept;

    /// Whether the owner has closed, aborted or destroyed the stream.
    bool dropped() const noexcept;

private:
    std::shared_ptr<memory_wire> wire_;
    std::size_t side_;
};

/// Two connected streams in memory, which keep the whole contract of `message_stream`: a ping is
/// answered when the peer reads it, pongs come in their place among the messages, a close frame is
/// answered by the peer's read.
///
/// Lifetime: the executor's context and `time` must outlive streams and controls. The streams may
/// be moved out, and destroyed one before the other, which the other one sees as a lost connection.
struct stream_pair {
    stream_pair(const asio::any_io_executor& executor, clock& time);

    std::unique_ptr<message_stream> near;
    std::unique_ptr<message_stream> far;
    stream_control near_control;  ///< faults of the near end: its reads, what it writes
    stream_control far_control;

private:
    stream_pair(const std::shared_ptr<memory_wire>& wire, clock& time);
};

}  // namespace aiflow::simulator

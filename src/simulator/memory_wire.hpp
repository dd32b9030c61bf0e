#pragma once

#include "simulator/stream_pair.hpp"

#include <boost/asio/steady_timer.hpp>

#include <array>
#include <deque>
#include <string>

namespace aiflow::simulator {

/// One frame under way in a `memory_wire`.
struct memory_frame {
    enum kind_type : unsigned char { text, binary, ping, pong, close };

    kind_type kind;
    std::string data;
    std::uint16_t close_code = 0;
};

/// What one end of a `memory_wire` knows, with the faults that it has been told to have.
struct memory_end {
    explicit memory_end(const asio::any_io_executor& executor, clock::time_point now)
        : read_wake(executor, asio::steady_timer::time_point::max()),
          write_wake(executor, asio::steady_timer::time_point::max()), activity{now, now}
    {
    }

    std::deque<memory_frame> inbox;
    std::optional<stream_end> end;  ///< reads fail with it once the inbox is empty
    bool broken = false;            ///< nothing can be written any more
    bool close_sent = false;
    bool dropped = false;  ///< by its owner

    bool muted = false;
    bool swallows_pongs = false;
    bool stalled = false;
    bool writes_at_once = false;
    std::size_t read_fails_in = 0;  ///< counts down; 0 when there is no such fault
    error_code read_fault;
    bool out_of_memory = false;  ///< at the next read
    std::size_t write_fails_in = 0;
    write_fault write_failure;
    std::optional<std::size_t> drops_in;  ///< texts until the connection is lost

    std::size_t texts = 0;
    std::size_t pings = 0;
    std::size_t held = 0;  ///< messages that its owner has read and not given up

    // Timers that never expire: they are cancelled to wake whoever waits.
    asio::steady_timer read_wake;
    asio::steady_timer write_wake;
    stream_activity activity;
    std::uint64_t bytes_under_way = 0;
};

/// The state that two connected streams share. Decides; waits for nothing.
class memory_wire {
public:
    memory_wire(const asio::any_io_executor& executor, clock& time)
        : ends_{memory_end(executor, time.now()), memory_end(executor, time.now())}, time_(time)
    {
    }

    memory_end& end(std::size_t side) noexcept { return ends_[side]; }

    /// Puts a frame on its way to the other end, where it arrives at once unless it is lost.
    void send(std::size_t from, memory_frame frame);

    /// Takes the next frame that the owner of `side` is to see, and deals with those that it is
    /// not to see: answers pings, and takes a close frame for the end.
    std::optional<memory_frame> take(std::size_t side);

    /// Sends the close frame of `side`, unless one went out already.
    void send_close(std::size_t side, std::uint16_t code, std::string_view reason);

    /// Breaks the connection: `side` ends with `error`, the other end with `connection_lost`.
    void lose(std::size_t side, error_code error);

    /// The owner of `side` is done with it.
    void drop(std::size_t side) noexcept;

private:
    static std::size_t other(std::size_t side) noexcept { return 1 - side; }
    static void finish(memory_end& e, error_code error, bool breaks);

    std::array<memory_end, 2> ends_;
    clock& time_;
};

}  // namespace aiflow::simulator

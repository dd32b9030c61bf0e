#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aiflow::test {

/// Where something can go wrong.
enum class step_kind : unsigned char { dial, read, write, ping, pong, close, put, load, any };
inline constexpr std::size_t step_kinds = 9;

std::string_view to_string(step_kind k) noexcept;

/// What goes wrong there.
enum class fault_way : unsigned char {
    // dial
    no_host,
    refused,
    bad_certificate,
    http_status,  ///< `code`
    bad_upgrade,
    dial_timeout,
    // read
    data_lost,       ///< with what has arrived
    reset,           ///< what has arrived can be read
    half_close,      ///< the peer sends nothing more
    peer_closes,     ///< with `code`
    binary,          ///< a message that is none comes
    connection_cut,  ///< the peer's next message is its last, and nobody says so
    // write
    nothing_written,  ///< certainly
    cut_in_middle,    ///< the first message is perhaps out
    part_written,     ///< half of the batch has arrived
    all_written,      ///< all has arrived, but an error is reported
    black_hole,       ///< success is reported, but nothing arrives from here on
    cut_after,        ///< one more text arrives, then the connection is lost
    stall,            ///< until somebody loses patience
    pause,            ///< 3 s
    // ping, pong, close
    peer_mute,      ///< nothing comes from the peer any more
    pong_lost,      ///< this one
    pongs_lost,     ///< from here on
    close_ignored,  ///< nobody answers the close frame
    close_breaks,
    // put, load
    disk_fails,  ///< once
    disk_full,   ///< once
    disk_keeps_failing,
    disk_throws,
    disk_slow,  ///< 3 s
    // any
    stop,
    stop_twice,
    abort,
    walk_away  ///< everything is destroyed at once
};

std::string_view to_string(fault_way w) noexcept;

/// One fault of one play.
struct fault {
    step_kind at = step_kind::any;
    fault_way how = fault_way::stop;
    std::uint16_t code = 0;
    std::size_t nth = 1;  ///< the step, from 1
};

std::string to_string(const fault& f);

/// Every fault that a step of this kind can have.
std::vector<fault> faults_at(step_kind k);

/// Counts the steps of one play and says at which the fault is due.
class fault_point {
public:
    explicit fault_point(std::optional<fault> f) : fault_(f) {}

    /// Called at every step with no kind of its own in mind, when a fault of `any` is due.
    std::function<void(fault_way)> on_any;

    /// Counts a step; gives the fault that is to happen at it.
    std::optional<fault> step(step_kind k);

    /// From now on nothing is counted and nothing goes wrong.
    void rest() noexcept { resting_ = true; }

    std::size_t count(step_kind k) const noexcept { return counts_[static_cast<std::size_t>(k)]; }

    /// Whether the fault has happened.
    bool reached() const noexcept { return reached_; }

private:
    bool is_due(step_kind k);

    std::optional<fault> fault_;
    std::array<std::size_t, step_kinds> counts_{};
    bool reached_ = false;
    bool resting_ = false;
};

}  // namespace aiflow::test

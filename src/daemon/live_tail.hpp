#pragma once

#include "daemon/disclosure.hpp"
#include "daemon/line_buffer.hpp"
#include "session/async_event.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace aiflow {

/// What somebody who watches wants to see.
struct tail_filter {
    std::string session = {};             ///< whole id; empty: all
    std::vector<std::string> types = {};  ///< kinds, and types of events and actions; empty: all
    disclosure shown = {};

    bool wants(std::string_view session_id, std::string_view kind, std::string_view type) const;
};

/// One of those who watch the live calls: its lines until it has taken them.
///
/// Thread safety: none; the daemon's executor.
/// Lifetime: held by `shared_ptr` by whoever reads; the feed forgets it when that one has gone.
class live_tail {
public:
    live_tail(const asio::any_io_executor& executor, tail_filter filter);

    const tail_filter& filter() const noexcept { return filter_; }

    void add(std::string line);
    std::string take() { return buffer_.take(); }

    /// No more lines will come.
    void end();
    bool ended() const noexcept { return ended_; }

    /// Completes when there are lines, or when it has ended. Cancellation: as `async_event`.
    asio::awaitable<void> wait() { return arrived_.wait(); }

private:
    tail_filter filter_;
    line_buffer buffer_;
    async_event arrived_;
    bool ended_ = false;
};

}  // namespace aiflow

#pragma once

#include "aiflow/clock.hpp"
#include "aiflow/codec.hpp"
#include "aiflow/log.hpp"
#include "daemon/bot_call.hpp"
#include "session/async_event.hpp"
#include "session/log_limiter.hpp"
#include "session/recent_ids.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace aiflow {

/// One call that is answered through the pipe.
struct pipe_call {
    explicit pipe_call(bot_call_ptr c) : call(std::move(c)) {}

    bot_call_ptr call;
    std::deque<std::vector<action>> waiting = {};  ///< to be carried out in this order
    bool busy = false;                             ///< some of them are being carried out
    bool answer_owed = false;     ///< the child has been asked something and has not answered yet
    unsigned refusals_shown = 0;  ///< since the last event of the call
};

/// Reads the lines of a child and carries out the actions in them: those of one call in their
/// order, those of different calls without waiting for each other.
///
/// Thread safety: none; the executor's. Lifetime: held by `shared_ptr`, so that what is under way
/// outlasts the bot; `log` and the calls' environment outlive it.
class pipe_actions : public std::enable_shared_from_this<pipe_actions> {
public:
    /// Gets an SMS that was refused, as an event for the child.
    using refusal_sink = std::function<void(const incoming_event&)>;

    pipe_actions(const asio::any_io_executor& executor, clock& time, const logger& log,
                 refusal_sink refused);

    /// The bot goes: refusals are told to nobody any more.
    void close() { refused_ = {}; }

    void enter(const std::shared_ptr<pipe_call>& call);
    void leave(const std::shared_ptr<pipe_call>& call);

    /// One line of the child.
    void line(std::string_view text);

    /// Completes when not too many actions wait. Cancellation: any type; never throws.
    asio::awaitable<void> room();

    /// No child will answer what has been asked up to now.
    void apologise_where_owed();

    struct counts {
        std::uint64_t answers = 0;     ///< lines with actions
        std::uint64_t bad_lines = 0;   ///< lines without
        std::uint64_t no_session = 0;  ///< actions for calls that are over or were never there
    };
    const counts& counted() const noexcept { return counts_; }

private:
    void route(const std::string& session_id, std::vector<action> actions);
    void no_session(const std::string& session_id, std::size_t actions);
    static asio::awaitable<void> carry_out(std::shared_ptr<pipe_actions> self,
                                           std::shared_ptr<pipe_call> call);
    void show_refusals(pipe_call& call, std::vector<sms_failed> failures);

    asio::any_io_executor executor_;
    clock& time_;
    const logger& log_;
    refusal_sink refused_;
    std::map<std::string, std::shared_ptr<pipe_call>, std::less<>> calls_;
    recent_ids told_;  // sessions that were not there
    log_limiter bad_line_limit_;
    log_limiter no_session_limit_;
    std::size_t waiting_ = 0;  // lists of actions, of all calls
    async_event room_;
    counts counts_;
};

}  // namespace aiflow

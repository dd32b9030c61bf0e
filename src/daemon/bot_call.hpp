#pragma once

#include "aiflow/clock.hpp"
#include "aiflow/log.hpp"
#include "aiflow/session.hpp"
#include "daemon/call_observer.hpp"
#include "daemon/sms_failure_filter.hpp"
#include "session/log_limiter.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace aiflow {

class bot_call;

/// The calls that have a handler now, by session id.
using live_calls = std::map<std::string, bot_call*, std::less<>>;

/// What all calls of the daemon share. Outlives them.
struct bot_environment {
    logger log = {};
    clock* time = &real_clock();
    std::vector<call_observer*> observers = {};
    live_calls calls = {};
    bool show_all_failures = false;
    bool retry_sms = true;
    std::string apology = {};              ///< may change at a reload
    log_limiter refusals = log_limiter();  ///< of actions
};

/// One call, as its bot and an operator act on it.
///
/// Thread safety: none; the session's executor.
/// Lifetime: held by `shared_ptr`, so that actions under way outlast the handler.
class bot_call : public std::enable_shared_from_this<bot_call> {
public:
    bot_call(session handle, bot_environment& env);
    ~bot_call();
    bot_call(const bot_call&) = delete;
    bot_call& operator=(const bot_call&) = delete;

    const std::string& id() const noexcept { return handle_.id(); }
    const session_info& info() const noexcept { return handle_.info(); }
    bool over() const noexcept { return handle_.over(); }
    session& handle() noexcept { return handle_; }
    bot_environment& environment() noexcept { return env_; }

    /// What became of some actions.
    struct result {
        std::vector<problem> refused = {};      ///< logged and told to the observers already
        std::vector<sms_failed> failures = {};  ///< refused SMS, as their bot is to be shown them
        std::vector<sms_ticket> accepted = {};  ///< SMS
    };

    /// Carries actions out in their order. An SMS goes into the care of the library, everything
    /// else to the service; neighbours go out as one array. One that is refused does not stop those
    /// behind it. Throws nothing but `bad_alloc`.
    static asio::awaitable<result> act(std::shared_ptr<bot_call> self, std::vector<action> actions);

    /// Gives an SMS into the care of the library, as `act` does. Errors: see
    /// `session::async_send_sms`; logged and told to the observers already.
    static asio::awaitable<checked<sms_ticket>> submit(std::shared_ptr<bot_call> self,
                                                       send_sms message, sms_options options);

    /// Says the apology of the configuration, if there is one and it was not said since the last
    /// `recovered`.
    void apologise();
    void recovered() noexcept { apologised_ = false; }

    sms_failure_filter& failures() noexcept { return failures_; }

    /// For operators.
    struct facts {
        clock::wall_time opened;
        clock::wall_time last;  ///< event
        std::string last_event = {};
        std::uint64_t events = 0;
        std::uint64_t actions = 0;
    };
    const facts& known() const noexcept { return facts_; }
    void note_event(std::string_view type);

private:
    void queue(std::vector<action>& batch, result& r);
    void tell(const action& a, const std::optional<problem>& refused, std::optional<sms_id> id);

    session handle_;
    bot_environment& env_;
    sms_failure_filter failures_;
    facts facts_;
    bool apologised_ = false;
};

using bot_call_ptr = std::shared_ptr<bot_call>;

}  // namespace aiflow

#pragma once

#include "aiflow/session_options.hpp"
#include "session/async_event.hpp"
#include "session/outgoing_queue.hpp"
#include "session/session_link.hpp"

#include <functional>
#include <string>
#include <vector>

namespace aiflow {

/// What a session says until one of its HTTP requests is answered: that answer carries it.
///
/// Thread safety, lifetime: as `session_link`.
class http_mailbox final : public session_link {
public:
    /// `left` is called when the session has gone from here.
    http_mailbox(sms_sender& sms, const connection_options& options, std::function<void()> left);
    ~http_mailbox() override;

    checked<void> queue(std::string_view session_id, std::span<const action> actions,
                        bool as_array) override;
    bool queue_sms(std::string_view session_id, const sms_attempt_key& key,
                   send_sms frame) override;
    void handler_idle() override;
    void session_left(const session_state& s, bool call_over) override;

    /// The body of an answer, and the SMS in it.
    struct letter {
        std::string body;  ///< one action, an array of them, or empty
        std::vector<sms_attempt_key> sms;
    };

    /// Takes everything that is queued.
    letter take();

    /// A request of the session that waits for the handler; there may be several.
    class visit {
    public:
        visit(http_mailbox& box, const asio::any_io_executor& executor);
        visit(const visit&) = delete;
        visit& operator=(const visit&) = delete;
        ~visit();

        /// Set when the handler has nothing left to do.
        async_event& idle() noexcept { return idle_; }

    private:
        http_mailbox& box_;
        async_event idle_;
    };

    bool is_visited() const noexcept { return !visits_.empty(); }

private:
    bool full() const noexcept;
    void drop();

    sms_sender& sms_;
    const connection_options& options_;
    std::function<void()> left_;
    outgoing_queue queue_;
    std::vector<visit*> visits_;
};

}  // namespace aiflow

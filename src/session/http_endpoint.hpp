#pragma once

#include "aiflow/codec.hpp"
#include "session/dispatcher.hpp"
#include "session/http_mailbox.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

namespace aiflow {

/// Gives events that come by HTTP to their sessions, and makes answers of what those say
/// (protocol.md 1.4).
///
/// Thread safety: none; the dispatcher's executor.
/// Lifetime: held by `shared_ptr`; `home` must outlive it.
class http_endpoint : public std::enable_shared_from_this<http_endpoint> {
public:
    http_endpoint(dispatcher& home, const connection_options& options,
                  clock::duration answer_within);
    ~http_endpoint();
    http_endpoint(const http_endpoint&) = delete;
    http_endpoint& operator=(const http_endpoint&) = delete;

    struct reply {
        unsigned status = 204;
        http_mailbox::letter letter = {};
        std::string detail = {};  ///< why it is none, for the log
    };

    /// Handles one event. Waits for its handler for at most `answer_within`; what that sends later
    /// goes with the answer to the session's next event.
    asio::awaitable<reply> receive(std::string body);

    /// The reply was written, or perhaps not.
    void replied(const reply& r, bool written);

private:
    using mailbox_ptr = std::shared_ptr<http_mailbox>;

    mailbox_ptr mailbox_of(const std::string& session_id);
    asio::awaitable<void> deliver(mailbox_ptr box, incoming_event in, std::size_t bytes);
    void forget_later(std::string session_id);
    void forget_if_empty(const std::string& session_id);

    dispatcher& home_;
    const connection_options& options_;
    clock::duration answer_within_;
    event_decoder decoder_;
    std::unordered_map<std::string, mailbox_ptr> boxes_;
};

}  // namespace aiflow

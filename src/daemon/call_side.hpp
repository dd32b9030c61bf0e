#pragma once

#include "aiflow/client.hpp"
#include "aiflow/listener.hpp"
#include "aiflow/sqlite_outbox.hpp"
#include "daemon/metrics_snapshot.hpp"

#include <memory>
#include <optional>
#include <string_view>

namespace aiflow {

/// One way in which calls come to the daemon: a listener or a client, each with its own outbox,
/// since their sessions are apart too.
///
/// Thread safety: none; the daemon's executor.
class call_side {
public:
    virtual ~call_side() = default;

    /// "listen" or "connect".
    virtual std::string_view name() const noexcept = 0;

    virtual void serve(handler_factory factory) = 0;

    /// Takes what can be refused at the start. Error: of the system, in words.
    virtual checked<void> open() = 0;

    /// As `async_run` of client and listener.
    virtual asio::awaitable<error_code> run() = 0;
    virtual void stop() = 0;
    virtual void abort() = 0;

    virtual bool cancel_sms(sms_id id) = 0;
    virtual session_statistics statistics() const = 0;
    virtual sms_statistics sms() const = 0;

    /// What it is.
    virtual listener* as_listener() noexcept { return nullptr; }
    virtual client* as_client() noexcept { return nullptr; }

    sqlite_outbox& store() noexcept { return *store_; }

    /// Asks the outbox how much it holds, for `known_of_store`.
    asio::awaitable<void> look_into_store();
    const std::optional<outbox_facts>& known_of_store() const noexcept { return known_; }

protected:
    explicit call_side(sqlite_outbox_options files);

private:
    std::string file_;
    std::unique_ptr<sqlite_outbox> store_;
    std::optional<outbox_facts> known_;
};

/// `options.store` is set to an outbox in `files`. Throw `failure` when the options are not valid
/// or the outbox cannot be opened.
std::unique_ptr<call_side> listen_side(const asio::any_io_executor& executor,
                                       listener_options options, sqlite_outbox_options files);
std::unique_ptr<call_side> connect_side(const asio::any_io_executor& executor,
                                        client_options options, sqlite_outbox_options files);

}  // namespace aiflow

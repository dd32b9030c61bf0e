#pragma once

#include "aiflow/error.hpp"
#include "aiflow/log.hpp"
#include "aiflow/outbox.hpp"
#include "aiflow/sms.hpp"
#include "daemon/bot_call.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace aiflow {

/// What operators can ask of the daemon; the control socket offers it to them.
///
/// Thread safety: none; the daemon's executor.
class operations {
public:
    virtual ~operations() = default;

    /// Where everything stands; see docs/control.md.
    virtual boost::json::object status() const = 0;

    /// Whether the process works, and whether calls can be taken. The text says why not.
    virtual std::optional<std::string> not_healthy() const = 0;
    virtual std::optional<std::string> not_ready() const = 0;

    /// In the text format of Prometheus.
    virtual std::string metrics() const = 0;

    virtual live_calls& calls() = 0;

    /// The newest messages first. Error: `storage_...`.
    virtual asio::awaitable<checked<std::vector<sms_record>>>
    list_sms(std::optional<sms_state> state, std::size_t limit) = 0;
    virtual asio::awaitable<checked<std::optional<sms_record>>> find_sms(sms_id id) = 0;

    /// Takes a message back; false when it is not known or something of it is on its way.
    virtual bool cancel_sms(sms_id id) = 0;

    virtual log_level level() const = 0;
    virtual void set_level(log_level level) = 0;

    /// Takes no further calls, lets those that are there end, and ends the process.
    virtual void drain() = 0;

    /// As SIGHUP. Problem: nothing has changed.
    virtual std::optional<problem> reload() = 0;
};

}  // namespace aiflow

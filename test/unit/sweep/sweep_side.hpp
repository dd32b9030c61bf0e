#pragma once

#include "aiflow/message_stream.hpp"
#include "session/dispatcher.hpp"
#include "session/service_home.hpp"

#include <boost/asio/io_context.hpp>

#include <memory>
#include <optional>

namespace aiflow::test {

/// What a play tests: the library in one of its roles, from its start to its end.
///
/// Lifetime: its context must not run any more when it goes.
class sweep_side {
public:
    sweep_side() = default;
    sweep_side(const sweep_side&) = delete;
    sweep_side& operator=(const sweep_side&) = delete;
    virtual ~sweep_side() = default;

    virtual void start() = 0;
    virtual void stop() = 0;
    virtual void abort() = 0;

    virtual dispatcher& home() = 0;

    /// A connection that the service has opened; nothing for a client.
    virtual void take(std::unique_ptr<message_stream> stream) = 0;

    /// How it came to its end, if it has.
    std::optional<error_code> finished;
};

}  // namespace aiflow::test

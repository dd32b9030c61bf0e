#pragma once

#include "aiflow/listener.hpp"
#include "session/async_event.hpp"
#include "sweep_side.hpp"

namespace aiflow::test {

/// The life of a listener without its sockets: serves what it is given until it is stopped.
class serving_side : public sweep_side, public std::enable_shared_from_this<serving_side> {
public:
    serving_side(asio::io_context& io, listener_options options);

    void start() override;
    void stop() override;
    void abort() override;
    dispatcher& home() override { return *service_.sessions; }
    void take(std::unique_ptr<message_stream> stream) override;

protected:
    using stream_ptr = std::shared_ptr<message_stream>;

    /// Serves one connection to its end.
    virtual asio::awaitable<void> serve(std::unique_ptr<message_stream> stream) = 0;
    /// The sessions can be read: the outbox is open.
    virtual void opened() {}
    /// Closes, or drops, every connection.
    virtual void close_all() = 0;
    virtual void drop_all() = 0;

    asio::io_context& io_;
    listener_options options_;
    service_home service_;

private:
    static asio::awaitable<error_code> run(std::shared_ptr<serving_side> self);
    static asio::awaitable<void> shut_down(serving_side* self);
    static asio::awaitable<void> serve_one(std::shared_ptr<serving_side> self,
                                           std::unique_ptr<message_stream> stream);

    async_event stop_;
    async_event left_;
    std::size_t guests_ = 0;
    bool stopping_ = false;
    bool aborting_ = false;
};

}  // namespace aiflow::test

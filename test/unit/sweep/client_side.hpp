#pragma once

#include "session/client_loop.hpp"
#include "sweep_side.hpp"

namespace aiflow::test {

/// A client whose connections a test makes.
class client_side final : public sweep_side {
public:
    client_side(asio::io_context& io, client_options options, client_loop::connector connect);

    void start() override;
    void stop() override { loop_->stop(); }
    void abort() override { loop_->abort(); }
    dispatcher& home() override { return loop_->home(); }
    void take(std::unique_ptr<message_stream>) override {}

private:
    asio::io_context& io_;
    std::shared_ptr<client_loop> loop_;
};

}  // namespace aiflow::test

#pragma once

#include "serving_side.hpp"
#include "session/connection.hpp"

#include <list>

namespace aiflow::test {

/// A listener that is given WebSockets.
class listener_side final : public serving_side {
public:
    using serving_side::serving_side;

private:
    asio::awaitable<void> serve(std::unique_ptr<message_stream> stream) override;
    void close_all() override;
    void drop_all() override;

    std::list<std::shared_ptr<connection>> open_;
    std::size_t number_ = 0;
};

}  // namespace aiflow::test

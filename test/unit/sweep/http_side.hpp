#pragma once

#include "serving_side.hpp"
#include "session/http_endpoint.hpp"

#include <list>
#include <string>

namespace aiflow::test {

/// A listener that is given HTTP requests: each message of a stream is the body of one, and what is
/// written is the answer's.
class http_side final : public serving_side {
public:
    using serving_side::serving_side;

private:
    asio::awaitable<void> serve(std::unique_ptr<message_stream> stream) override;
    asio::awaitable<void> serve_requests(message_stream* stream);
    asio::awaitable<bool> serve_request(message_stream* stream, std::string body);
    void opened() override;
    void close_all() override;
    void drop_all() override { close_all(); }

    std::shared_ptr<http_endpoint> endpoint_;
    std::list<message_stream*> open_;
};

}  // namespace aiflow::test

#include "http_side.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>

#include <utility>
#include <variant>

namespace aiflow::test {

void http_side::opened()
{
    endpoint_ =
        std::make_shared<http_endpoint>(home(), options_.connection, options_.answer_within);
}

asio::awaitable<void> http_side::serve(std::unique_ptr<message_stream> stream)
{
    open_.push_back(stream.get());
    co_await serve_requests(stream.get());
    open_.remove(stream.get());
    const auto by = service_.time.now() + options_.connection.close_timeout;
    co_await stream->close(1000, {}, by);
}

asio::awaitable<void> http_side::serve_requests(message_stream* stream)
{
    for (;;) {
        const auto got = co_await stream->read();
        if (!got)
            co_return;
        for (const auto& m : *got) {
            if (m.kind != incoming_message::text)
                continue;
            const bool again = co_await serve_request(stream, std::string(m.data));
            if (!again)
                co_return;
        }
    }
}

// As over a socket, an answer that does not get out in time ends the connection.
asio::awaitable<bool> http_side::serve_request(message_stream* stream, std::string body)
{
    using namespace asio::experimental::awaitable_operators;
    auto& time = service_.time;
    const auto reply = co_await endpoint_->receive(std::move(body));
    if (reply.letter.body.empty())
        co_return true;
    const outgoing_message answer{outgoing_message::text, reply.letter.body};
    const auto by = time.now() + options_.connection.write_timeout;
    const auto first = co_await (stream->write({&answer, 1}) || time.sleep_until(by));
    const auto* const result = std::get_if<0>(&first);
    const bool written = result != nullptr && !result->error;
    endpoint_->replied(reply, written);
    co_return written;
}

void http_side::close_all()
{
    for (auto* stream : open_)
        stream->interrupt();
}

}  // namespace aiflow::test

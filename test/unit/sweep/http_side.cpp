#include "http_side.hpp"

#include <string>
#include <vector>

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
        std::vector<std::string> bodies;
        for (const auto& m : *got)
            if (m.kind == incoming_message::text)
                bodies.emplace_back(m.data);
        for (const auto& body : bodies) {
            const auto reply = co_await endpoint_->receive(body);
            if (reply.letter.body.empty())
                continue;
            const outgoing_message answer{outgoing_message::text, reply.letter.body};
            const auto result = co_await stream->write({&answer, 1});
            endpoint_->replied(reply, !result.error);
        }
    }
}

void http_side::close_all()
{
    for (auto* stream : open_)
        stream->interrupt();
}

}  // namespace aiflow::test

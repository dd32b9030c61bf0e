#include "loopback.hpp"

#include <stdexcept>

namespace aiflow::test {

using tcp = asio::ip::tcp;

loopback::loopback() : acceptor(io, tcp::endpoint(asio::ip::address_v4::loopback(), 0)) {}

std::string loopback::url(std::string_view path) const
{
    return "ws://127.0.0.1:" + std::to_string(port()) + std::string(path);
}

dial_options loopback::plain(std::string_view path) const
{
    dial_options o;
    o.url = url(path);
    return o;
}

tcp::socket loopback::accept_socket()
{
    std::optional<tcp::socket> result;
    acceptor.async_accept([&](error_code ec, tcp::socket s) {
        if (!ec)
            result.emplace(std::move(s));
    });
    if (!until([&] { return result.has_value(); }))
        throw std::runtime_error("nobody connected");
    return std::move(*result);
}

stream_pair loopback::connect(stream_limits client_limits, accept_options server)
{
    auto options = plain();
    options.limits = client_limits;
    auto dialled = start(dial(time, std::move(options)));
    auto accepted = start(accept(accept_socket(), time, std::move(server)));
    if (!until([&] { return dialled.done() && accepted.done(); }))
        throw std::runtime_error("the handshake did not complete");
    return {std::move(dialled.get().value()), std::move(accepted.get().value())};
}

asio::awaitable<bool> closed(message_stream& stream, std::uint16_t code, std::string reason,
                             clock::time_point deadline)
{
    co_await stream.close(code, reason, deadline);
    co_return true;
}

}  // namespace aiflow::test

#include "loopback_service.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>
#include <vector>

namespace aiflow::test {

using tcp = asio::ip::tcp;

loopback_service::loopback_service(manner m)
    : manner_(m), acceptor_(io_, {asio::ip::address_v4::loopback(), 0}),
      port_(acceptor_.local_endpoint().port())
{
    asio::co_spawn(io_, listen(), asio::detached);
    thread_ = std::thread([this] { io_.run(); });
}

loopback_service::~loopback_service()
{
    io_.stop();
    thread_.join();
}

asio::awaitable<void> loopback_service::listen()
{
    std::vector<tcp::socket> mute;
    for (;;) {
        auto [ec, socket] = co_await acceptor_.async_accept(asio::as_tuple(asio::use_awaitable));
        if (ec)
            co_return;
        ++connections;
        if (manner_ == manner::never_answers)
            mute.push_back(std::move(socket));
        else
            asio::co_spawn(io_, serve(std::move(socket)), asio::detached);
    }
}

asio::awaitable<void> loopback_service::serve(tcp::socket socket)
{
    auto opened = co_await accept(std::move(socket), real_clock(), {});
    if (!opened)
        co_return;
    message_stream& stream = **opened;
    const std::string start = R"({"type":"session_start","session":{"id":"a"}})";
    const outgoing_message m{outgoing_message::text, start};
    co_await stream.write({&m, 1});
    for (;;) {
        const auto batch = co_await stream.read();
        if (!batch)
            break;
        messages += batch->size();
    }
    co_await stream.close(1000, "", real_clock().now() + std::chrono::seconds(1));
}

}  // namespace aiflow::test

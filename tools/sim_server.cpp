#include "sim_server.hpp"

#include <boost/algorithm/string/predicate.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <sys/socket.h>
#include <unistd.h>

#include <sstream>
#include <utility>

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

// A second descriptor of a socket: what a stream has no words for can still be done to it.
class wire_handle {
public:
    explicit wire_handle(int descriptor) : descriptor_(::dup(descriptor)) {}
    wire_handle(const wire_handle&) = delete;
    wire_handle& operator=(const wire_handle&) = delete;
    ~wire_handle() { release(); }

    // A close with no time to linger is a reset; the stream holds the other descriptor.
    void reset()
    {
        const linger at_once{1, 0};
        ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        release();
    }

    void half_close() { ::shutdown(descriptor_, SHUT_WR); }

private:
    void release()
    {
        if (descriptor_ >= 0)
            ::close(descriptor_);
        descriptor_ = -1;
    }

    int descriptor_;
};

}  // namespace

sim_server::sim_server(asio::io_context& io, aiflow::clock& time, options o)
    : io_(io), time_(time), options_(std::move(o)), acceptor_(io)
{
}

boost::system::error_code sim_server::listen(const tcp::endpoint& where)
{
    boost::system::error_code ec;
    acceptor_.open(where.protocol(), ec);
    if (!ec)
        acceptor_.set_option(tcp::acceptor::reuse_address(true), ec);
    if (!ec)
        acceptor_.bind(where, ec);
    if (!ec)
        acceptor_.listen(tcp::acceptor::max_listen_connections, ec);
    return ec;
}

std::uint16_t sim_server::port() const
{
    return acceptor_.local_endpoint().port();
}

std::string sim_server::bot() const
{
    std::ostringstream text;
    text << "a bot that connects to ws://" << acceptor_.local_endpoint() << options_.path;
    return text.str();
}

void sim_server::start(watcher tell)
{
    tell_ = std::move(tell);
    asio::co_spawn(io_, run(), asio::detached);
}

void sim_server::stop()
{
    boost::system::error_code ignored;
    acceptor_.close(ignored);
}

aiflow::upgrade_answer sim_server::decide(const aiflow::upgrade_request& request) const
{
    if (std::string_view(request.target).substr(0, request.target.find('?')) != options_.path)
        return {404, {}};
    if (options_.token.empty())
        return {};
    const aiflow::http_header* found = nullptr;
    for (const aiflow::http_header& h : request.headers) {
        if (!boost::algorithm::iequals(h.name, "X-API-TOKEN"))
            continue;
        if (found != nullptr)
            return {401, {}};  // exactly once (reliability.md S6)
        found = &h;
    }
    const bool right = found != nullptr && options_.token.matches(found->value);
    return {right ? 101U : 401U, {}};
}

asio::awaitable<void> sim_server::welcome(tcp::socket socket)
{
    const auto wire = std::make_shared<wire_handle>(socket.native_handle());
    boost::system::error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    aiflow::accept_options accepting;
    accepting.limits.message_bytes = largest_action;
    accepting.decide = [this](const aiflow::upgrade_request& r) { return decide(r); };
    auto opened = co_await aiflow::accept(std::move(socket), time_, std::move(accepting));
    if (opened.has_error()) {
        if (tell_.failed)
            tell_.failed("refused: " + to_string(opened.error()));
        co_return;
    }
    aiflow::simulator::wire_faults faults;
    faults.reset = [wire] { wire->reset(); };
    faults.half_close = [wire] { wire->half_close(); };
    serve({std::move(*opened), std::move(faults)});
}

void sim_server::serve(guest g)
{
    if (sim_ == nullptr || sim_->over())
        waiting_.push_back(std::move(g));
    else
        asio::co_spawn(io_, sim_->serve(std::move(g.stream), std::move(g.faults)), asio::detached);
}

void sim_server::play(aiflow::simulator::flow_simulator& sim)
{
    sim_ = &sim;
    for (guest& g : std::exchange(waiting_, {}))
        serve(std::move(g));
}

asio::awaitable<void> sim_server::run()
{
    while (acceptor_.is_open()) {
        auto [ec, socket] = co_await acceptor_.async_accept(asio::as_tuple(asio::use_awaitable));
        if (!ec)
            asio::co_spawn(io_, welcome(std::move(socket)), asio::detached);
        else if (ec == asio::error::no_descriptors)
            co_await time_.sleep_until(time_.now() + std::chrono::milliseconds{100});
    }
}

#include "aiflow/log.hpp"
#include "aiflow/websocket.hpp"
#include "transport/byte_link.hpp"
#include "transport/deadline.hpp"
#include "transport/dial_options.hpp"
#include "transport/tls_context.hpp"
#include "transport/tls_engine.hpp"
#include "transport/websocket_codec.hpp"
#include "transport/websocket_header.hpp"
#include "transport/websocket_stream.hpp"
#include "transport/websocket_upgrade.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <utility>

namespace aiflow {
namespace {

using tcp = asio::ip::tcp;

// A look-up under way. The system's resolver cannot be interrupted, so whoever waits for it can
// leave earlier than it ends.
struct lookup {
    explicit lookup(const asio::any_io_executor& executor)
        : resolver(executor), done(executor, asio::steady_timer::time_point::max())
    {
    }

    tcp::resolver resolver;
    asio::steady_timer done;
    bool finished = false;
    error_code error;
    std::vector<tcp::endpoint> found;
};

// One attempt, from the URL to the open stream.
class attempt {
public:
    attempt(asio::any_io_executor executor, clock& time, dial_options options)
        : executor_(std::move(executor)), time_(time), options_(std::move(options)),
          started_(time.now()), codec_(executor_, options_.limits)
    {
    }

    asio::awaitable<dial_result> run();

private:
    asio::awaitable<bool> stage(connect_stage s, std::chrono::milliseconds limit, errc timeout,
                                asio::awaitable<error_code> op);
    asio::awaitable<error_code> resolve();
    asio::awaitable<error_code> connect();
    asio::awaitable<error_code> connect_to(tcp::endpoint endpoint);
    asio::awaitable<error_code> secure();
    asio::awaitable<error_code> upgrade();

    asio::any_io_executor executor_;
    clock& time_;
    dial_options options_;
    clock::time_point started_;
    websocket_codec codec_;
    websocket_url url_;
    std::vector<tcp::endpoint> endpoints_;
    std::unique_ptr<byte_link> link_;
    std::string answer_;  // what came: a header and perhaps the first frames
    connect_failure failure_;
};

asio::awaitable<dial_result> attempt::run()
{
    const auto url = check(options_);
    if (!url) {
        failure_.error = url.error().code;
        failure_.detail = to_string(url.error());
        co_return failure_;
    }
    url_ = *url;
    const auto& limits = options_.timeouts;
    if (!co_await stage(connect_stage::resolve, limits.resolve, errc::resolve_timeout, resolve()))
        co_return failure_;
    if (!co_await stage(connect_stage::tcp, limits.connect, errc::connect_timeout, connect()))
        co_return failure_;
    // Two conditions, since GCC 12 has been seen to await behind an `&&` that is already false.
    if (url_.tls) {
        if (!co_await stage(connect_stage::tls, limits.tls, errc::tls_timeout, secure()))
            co_return failure_;
    }
    if (!co_await stage(connect_stage::upgrade, limits.upgrade, errc::upgrade_timeout, upgrade()))
        co_return failure_;
    const auto early = std::string_view(answer_).substr(header_size(answer_));
    co_return make_message_stream(std::make_shared<websocket_stream>(
        std::move(*link_), std::move(codec_), options_.limits, time_, early));
}

asio::awaitable<bool> attempt::stage(connect_stage s, std::chrono::milliseconds limit, errc timeout,
                                     asio::awaitable<error_code> op)
{
    failure_.stage = s;
    const auto by = std::min(time_.now() + limit, started_ + options_.timeouts.total);
    const auto ec = co_await with_deadline(time_, by, std::move(op));
    if (!ec)
        co_return true;
    failure_.error = named_error(ec, time_.now() < by, timeout);
    co_return false;
}

asio::awaitable<error_code> attempt::resolve()
{
    co_await asio::this_coro::throw_if_cancelled(false);
    error_code not_an_address;
    const auto address = asio::ip::make_address(url_.host, not_an_address);
    if (!not_an_address) {
        endpoints_.emplace_back(address, url_.port);
        co_return error_code{};
    }
    const auto l = std::make_shared<lookup>(executor_);
    const auto port = std::to_string(url_.port);
    l->resolver.async_resolve(url_.host, port, tcp::resolver::numeric_service,
                              [l](error_code ec, const tcp::resolver::results_type& found) {
                                  l->error = ec;
                                  l->found.assign(found.begin(), found.end());
                                  l->finished = true;
                                  l->done.cancel();
                              });
    while (!l->finished) {
        if (is_cancelled(co_await asio::this_coro::cancellation_state)) {
            l->resolver.cancel();
            co_return asio::error::operation_aborted;
        }
        co_await l->done.async_wait(asio::as_tuple(asio::use_awaitable));
    }
    endpoints_ = std::move(l->found);
    co_return l->error;
}

asio::awaitable<error_code> attempt::connect()
{
    co_await asio::this_coro::throw_if_cancelled(false);
    const auto by =
        std::min(time_.now() + options_.timeouts.connect, started_ + options_.timeouts.total);
    error_code ec = asio::error::host_not_found;
    for (std::size_t i = 0; i < endpoints_.size(); ++i) {
        // An address that does not answer leaves time for the ones behind it.
        const auto share = (by - time_.now()) / static_cast<int>(endpoints_.size() - i);
        ec = co_await with_deadline(time_, time_.now() + share, connect_to(endpoints_[i]));
        if (!ec || is_cancelled(co_await asio::this_coro::cancellation_state))
            break;
    }
    if (ec == asio::error::timed_out)
        ec = make_error_code(errc::connect_timeout);
    co_return ec;
}

asio::awaitable<error_code> attempt::connect_to(tcp::endpoint endpoint)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    tcp::socket socket(executor_);
    auto [ec] = co_await socket.async_connect(endpoint, asio::as_tuple(asio::use_awaitable));
    if (!ec)
        link_ = std::make_unique<byte_link>(std::move(socket), time_);
    co_return ec;
}

asio::awaitable<error_code> attempt::secure()
{
    co_await asio::this_coro::throw_if_cancelled(false);
    // Read anew for each attempt, so that a renewed file is seen.
    const auto context = client_context(options_.ca_file);
    if (!context) {
        failure_.detail = to_string(context.error());
        co_return context.error().code;
    }
    const auto ec = co_await link_->secure(std::make_unique<tls_engine>(context->get(), url_.host));
    failure_.detail = printable(link_->tls_detail());
    co_return ec;
}

asio::awaitable<error_code> attempt::upgrade()
{
    co_await asio::this_coro::throw_if_cancelled(false);
    auto headers = options_.headers;
    if (!options_.token.empty())
        headers.push_back({"X-API-TOKEN", std::string(options_.token.reveal())});
    const auto request = codec_.open_client(url_.host_header, url_.target, headers);
    auto ec = co_await link_->send_all(request.text);
    while (!ec && header_size(answer_) == 0) {
        std::string_view bytes;
        ec = link_->receive(bytes);
        answer_ += bytes;
        if (!may_be_answer(answer_)) {
            failure_.detail = "the answer is not HTTP";
            co_return make_error_code(errc::upgrade_invalid);
        }
        const auto size = header_size(answer_);
        if ((size == 0 ? answer_.size() : size) > options_.limits.header_bytes) {
            failure_.detail = "the header of the answer is larger than limits.header_bytes";
            co_return make_error_code(errc::upgrade_invalid);
        }
        if (size == 0 && ec == asio::error::would_block)
            ec = co_await link_->readable();
    }
    const auto size = header_size(answer_);
    if (size == 0)
        co_return ec;
    const auto header = std::string_view(answer_).substr(0, size);
    if (auto refused = check_answer(header, request.key, time_.wall_now())) {
        failure_ = std::move(*refused);
        co_return failure_.error;
    }
    co_return error_code{};
}

}  // namespace

asio::awaitable<dial_result> dial(clock& time, dial_options options)
{
    const bool throws = co_await asio::this_coro::throw_if_cancelled();
    co_await asio::this_coro::throw_if_cancelled(false);
    auto executor = co_await asio::this_coro::executor;
    attempt a(std::move(executor), time, std::move(options));
    auto result = co_await a.run();
    co_await asio::this_coro::throw_if_cancelled(throws);
    co_return result;
}

}  // namespace aiflow

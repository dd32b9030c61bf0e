#include "transport/link_opener.hpp"

#include "aiflow/log.hpp"
#include "transport/deadline.hpp"
#include "transport/tls_context.hpp"
#include "transport/tls_engine.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <utility>
#include <vector>

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

// One attempt, from the URL to the open link.
class link_opener {
public:
    link_opener(asio::any_io_executor executor, clock& time, link_target target)
        : executor_(std::move(executor)), time_(time), target_(std::move(target))
    {
    }

    asio::awaitable<link_result> run();

private:
    asio::awaitable<bool> stage(connect_stage s, std::chrono::milliseconds limit, errc timeout,
                                asio::awaitable<error_code> op);
    asio::awaitable<error_code> resolve();
    asio::awaitable<error_code> connect();
    asio::awaitable<error_code> connect_to(tcp::endpoint endpoint);
    asio::awaitable<error_code> secure();

    asio::any_io_executor executor_;
    clock& time_;
    link_target target_;
    std::vector<tcp::endpoint> endpoints_;
    std::unique_ptr<byte_link> link_;
    connect_failure failure_;
};

asio::awaitable<link_result> link_opener::run()
{
    const auto& limits = target_.timeouts;
    if (!co_await stage(connect_stage::resolve, limits.resolve, errc::resolve_timeout, resolve()))
        co_return failure_;
    if (!co_await stage(connect_stage::tcp, limits.connect, errc::connect_timeout, connect()))
        co_return failure_;
    // Two conditions, since GCC 12 has been seen to await behind an `&&` that is already false.
    if (target_.url.tls) {
        if (!co_await stage(connect_stage::tls, limits.tls, errc::tls_timeout, secure()))
            co_return failure_;
    }
    co_return std::move(link_);
}

asio::awaitable<bool> link_opener::stage(connect_stage s, std::chrono::milliseconds limit,
                                         errc timeout, asio::awaitable<error_code> op)
{
    failure_.stage = s;
    const auto by = std::min(time_.now() + limit, target_.started + target_.timeouts.total);
    const auto ec = co_await with_deadline(time_, by, std::move(op));
    if (!ec)
        co_return true;
    failure_.error = named_error(ec, time_.now() < by, timeout);
    co_return false;
}

asio::awaitable<error_code> link_opener::resolve()
{
    co_await asio::this_coro::throw_if_cancelled(false);
    error_code not_an_address;
    const auto address = asio::ip::make_address(target_.url.host, not_an_address);
    if (!not_an_address) {
        endpoints_.emplace_back(address, target_.url.port);
        co_return error_code{};
    }
    const auto l = std::make_shared<lookup>(executor_);
    const auto port = std::to_string(target_.url.port);
    l->resolver.async_resolve(target_.url.host, port, tcp::resolver::numeric_service,
                              [l](error_code ec, const tcp::resolver::results_type& found) {
                                  l->error = ec;
                                  l->found.assign(found.begin(), found.end());
                                  l->finished = true;
                                  l->done.cancel();
                              });
    while (!l->finished) {
        const auto state = co_await asio::this_coro::cancellation_state;
        if (is_cancelled(state)) {
            l->resolver.cancel();
            co_return asio::error::operation_aborted;
        }
        co_await l->done.async_wait(asio::as_tuple(asio::use_awaitable));
    }
    endpoints_ = std::move(l->found);
    co_return l->error;
}

asio::awaitable<error_code> link_opener::connect()
{
    co_await asio::this_coro::throw_if_cancelled(false);
    const auto by =
        std::min(time_.now() + target_.timeouts.connect, target_.started + target_.timeouts.total);
    error_code ec = asio::error::host_not_found;
    for (std::size_t i = 0; i < endpoints_.size(); ++i) {
        // An address that does not answer leaves time for the ones behind it.
        const auto share = (by - time_.now()) / static_cast<int>(endpoints_.size() - i);
        ec = co_await with_deadline(time_, time_.now() + share, connect_to(endpoints_[i]));
        const auto state = co_await asio::this_coro::cancellation_state;
        if (!ec || is_cancelled(state))
            break;
    }
    if (ec == asio::error::timed_out)
        ec = make_error_code(errc::connect_timeout);
    co_return ec;
}

asio::awaitable<error_code> link_opener::connect_to(tcp::endpoint endpoint)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    tcp::socket socket(executor_);
    auto [ec] = co_await socket.async_connect(endpoint, asio::as_tuple(asio::use_awaitable));
    if (!ec)
        link_ = std::make_unique<byte_link>(std::move(socket), time_);
    co_return ec;
}

asio::awaitable<error_code> link_opener::secure()
{
    co_await asio::this_coro::throw_if_cancelled(false);
    // Read anew for each attempt, so that a renewed file is seen.
    const auto context = client_context(target_.ca_file);
    if (!context) {
        failure_.detail = to_string(context.error());
        co_return context.error().code;
    }
    const auto ec =
        co_await link_->secure(std::make_unique<tls_engine>(context->get(), target_.url.host));
    failure_.detail = printable(link_->tls_detail());
    co_return ec;
}

}  // namespace

asio::awaitable<link_result> open_link(clock& time, link_target target)
{
    const bool throws = co_await asio::this_coro::throw_if_cancelled();
    co_await asio::this_coro::throw_if_cancelled(false);
    auto executor = co_await asio::this_coro::executor;
    link_opener opener(std::move(executor), time, std::move(target));
    auto result = co_await opener.run();
    co_await asio::this_coro::throw_if_cancelled(throws);
    co_return result;
}

}  // namespace aiflow

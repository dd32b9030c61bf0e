#include "aiflow/websocket.hpp"
#include "transport/byte_link.hpp"
#include "transport/deadline.hpp"
#include "transport/dial_options.hpp"
#include "transport/link_opener.hpp"
#include "transport/websocket_codec.hpp"
#include "transport/websocket_header.hpp"
#include "transport/websocket_stream.hpp"
#include "transport/websocket_upgrade.hpp"

#include <algorithm>
#include <utility>

namespace aiflow {
namespace {

// One attempt, from the URL to the open stream.
class attempt {
public:
    attempt(const asio::any_io_executor& executor, clock& time, dial_options options)
        : time_(time), options_(std::move(options)), codec_(executor, options_.limits)
    {
    }

    asio::awaitable<dial_result> run();

private:
    asio::awaitable<error_code> upgrade();

    clock& time_;
    dial_options options_;
    websocket_codec codec_;
    server_url url_;
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
    link_target target;
    target.url = url_;
    target.ca_file = options_.ca_file;
    target.timeouts = options_.timeouts;
    target.started = time_.now();
    const auto by_in_all = target.started + options_.timeouts.total;
    auto opened = co_await open_link(time_, std::move(target));
    if (!opened)
        co_return opened.error();
    link_ = *std::move(opened);
    failure_.stage = connect_stage::upgrade;
    const auto by = std::min(time_.now() + options_.timeouts.upgrade, by_in_all);
    if (const auto ec = co_await with_deadline(time_, by, upgrade())) {
        failure_.error = named_error(ec, time_.now() < by, errc::upgrade_timeout);
        co_return failure_;
    }
    const auto early = std::string_view(answer_).substr(header_size(answer_));
    co_return make_message_stream(std::make_shared<websocket_stream>(
        std::move(*link_), std::move(codec_), options_.limits, time_, early));
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
        // Also when there may be more, of which TLS makes nothing: the deadline has to be noticed.
        if (size == 0 && (!ec || ec == asio::error::would_block))
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
    const auto executor = co_await asio::this_coro::executor;
    attempt a(executor, time, std::move(options));
    auto result = co_await a.run();
    co_await asio::this_coro::throw_if_cancelled(throws);
    co_return result;
}

}  // namespace aiflow

#include "aiflow/log.hpp"
#include "aiflow/websocket.hpp"
#include "transport/byte_link.hpp"
#include "transport/deadline.hpp"
#include "transport/websocket_codec.hpp"
#include "transport/websocket_header.hpp"
#include "transport/websocket_stream.hpp"
#include "transport/websocket_upgrade.hpp"

#include <algorithm>
#include <exception>
#include <utility>

namespace aiflow {
namespace {

// How long a refused peer has to read the refusal.
constexpr std::chrono::seconds linger{1};

upgrade_answer ask(const upgrade_decision& decide, const upgrade_request& request)
{
    if (!decide)
        return {};
    auto answer = decide(request);
    const bool possible = answer.status == 101 || (answer.status >= 300 && answer.status <= 599);
    const bool sendable =
        std::all_of(answer.headers.begin(), answer.headers.end(), [](const http_header& h) {
            return is_sendable(h) && !belongs_to_handshake(h.name);
        });
    if (!possible || !sendable)
        return {500, {}};
    return answer;
}

// One handshake of the server's side.
class reception {
public:
    reception(byte_link link, clock& time, accept_options options)
        : link_(std::move(link)), time_(time), options_(std::move(options)),
          codec_(link_.get_executor(), options_.limits)
    {
    }

    asio::awaitable<dial_result> run();

private:
    asio::awaitable<error_code> serve();
    asio::awaitable<error_code> read_request();
    asio::awaitable<error_code> refuse(unsigned status, std::vector<http_header> headers);
    asio::awaitable<error_code> wait_for_end();

    byte_link link_;
    clock& time_;
    accept_options options_;
    websocket_codec codec_;
    std::string request_;  // what came: a header and perhaps the first frames
    connect_failure failure_;
};

asio::awaitable<dial_result> reception::run()
{
    failure_.stage = connect_stage::upgrade;
    const auto by = time_.now() + options_.upgrade_timeout;
    const auto ec = co_await with_deadline(time_, by, serve());
    if (!ec) {
        const auto early = std::string_view(request_).substr(header_size(request_));
        co_return make_message_stream(std::make_shared<websocket_stream>(
            std::move(link_), std::move(codec_), options_.limits, time_, early));
    }
    if (failure_.error)  // named already, and told to the peer as far as time allowed
        co_return failure_;
    if (ec == asio::error::timed_out && time_.now() >= by)
        failure_.error = make_error_code(errc::upgrade_timeout);
    else if (ec == asio::error::eof)
        failure_.error = make_error_code(errc::connection_lost);
    else
        failure_.error = ec;
    co_return failure_;
}

asio::awaitable<error_code> reception::serve()
{
    co_await asio::this_coro::throw_if_cancelled(false);
    auto ec = co_await read_request();
    if (ec)
        co_return ec;
    const auto checked = check_request(std::string_view(request_).substr(0, header_size(request_)));
    if (checked.status != 101) {
        failure_.error = make_error_code(errc::upgrade_invalid);
        failure_.detail = checked.detail;
        co_return co_await refuse(checked.status, {});
    }
    upgrade_answer answer;
    try {
        answer = ask(options_.decide, checked.request);
    } catch (const std::exception& e) {
        failure_.detail = printable(e.what());
        answer.status = 500;
    }
    if (answer.status != 101) {
        failure_.error = make_error_code(errc::upgrade_refused);
        co_return co_await refuse(answer.status, std::move(answer.headers));
    }
    const auto text = codec_.open_server(checked.key, answer.headers);
    co_return co_await link_.send_all(text);
}

asio::awaitable<error_code> reception::read_request()
{
    for (;;) {
        std::string_view bytes;
        auto ec = link_.receive(bytes);
        request_ += bytes;
        const auto size = header_size(request_);
        const auto header =
            std::string_view(request_).substr(0, size == 0 ? request_.size() : size);
        const auto status = header.empty() ? 101 : check_partial_request(header, options_.limits);
        if (status != 101) {
            failure_.error = make_error_code(errc::upgrade_invalid);
            failure_.detail = status == 400 ? "not an HTTP/1.1 request" : "header too large";
            co_return co_await refuse(status, {});
        }
        if (size != 0)
            co_return error_code{};
        if (ec == asio::error::would_block)
            ec = co_await link_.readable();
        if (ec)
            co_return ec;
    }
}

asio::awaitable<error_code> reception::refuse(unsigned status, std::vector<http_header> headers)
{
    failure_.http_status = status;
    const auto text = refusal(status, headers);
    const auto ec = co_await link_.send_all(text);
    if (!ec) {
        link_.end_output();
        // A socket closed with something unread would take the refusal with it.
        co_await with_deadline(time_, time_.now() + linger, wait_for_end());
    }
    link_.close();
    co_return failure_.error;
}

asio::awaitable<error_code> reception::wait_for_end()
{
    co_await asio::this_coro::throw_if_cancelled(false);
    for (;;) {
        std::string_view bytes;
        auto ec = link_.receive(bytes);
        if (ec == asio::error::would_block)
            ec = co_await link_.readable();
        if (ec)
            co_return ec;
    }
}

}  // namespace

asio::awaitable<dial_result> accept(asio::ip::tcp::socket socket, clock& time,
                                    accept_options options)
{
    const bool throws = co_await asio::this_coro::throw_if_cancelled();
    co_await asio::this_coro::throw_if_cancelled(false);
    reception r(byte_link(std::move(socket), time), time, std::move(options));
    auto result = co_await r.run();
    co_await asio::this_coro::throw_if_cancelled(throws);
    co_return result;
}

}  // namespace aiflow

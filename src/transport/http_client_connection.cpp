#include "transport/http_client_connection.hpp"

#include "transport/deadline.hpp"

#include <utility>

namespace aiflow {

std::string_view to_string(http_fault f) noexcept
{
    switch (f) {
    case http_fault::none:
        return "answered";
    case http_fault::untaken:
        return "the connection was closed before the request";
    case http_fault::lost:
        return "the connection ended without a whole answer";
    case http_fault::late:
        return "no answer in time";
    case http_fault::too_large:
        return "the answer is larger than allowed";
    case http_fault::not_http:
        return "the answer is not HTTP/1.1";
    case http_fault::cancelled:
        return "cancelled";
    }
    return "unknown";
}

bool http_client_connection::idle()
{
    if (!open_)
        return false;
    std::string_view bytes;
    // TLS has messages of its own between two answers, session tickets for instance: no bytes then.
    const auto ec = link_->receive(bytes);
    open_ = bytes.empty() && (!ec || ec == asio::error::would_block);
    if (!open_)
        link_->close();
    return open_;
}

asio::awaitable<http_exchange> http_client_connection::exchange(std::string request,
                                                                http_answer_limits limits,
                                                                clock::time_point by)
{
    const bool throws = co_await asio::this_coro::throw_if_cancelled();
    co_await asio::this_coro::throw_if_cancelled(false);
    http_exchange result;
    http_answer_reader reader(limits);
    const auto ec = co_await with_deadline(time_, by, send_and_read(request, reader, result.fault));
    if (ec == asio::error::operation_aborted)
        result.fault = http_fault::cancelled;
    else if (ec == asio::error::timed_out && time_.now() >= by)
        result.fault = http_fault::late;
    else if (ec)
        result.fault = http_fault::lost;
    if (result.fault == http_fault::none)
        result.answer = std::move(reader.answer());
    open_ = result.answer.keep_alive;
    if (!open_)
        link_->close();
    co_await asio::this_coro::throw_if_cancelled(throws);
    co_return result;
}

// Errors of the connection are in `fault`; those of waiting are the result.
asio::awaitable<error_code> http_client_connection::send_and_read(std::string_view request,
                                                                  http_answer_reader& reader,
                                                                  http_fault& fault)
{
    using progress = http_answer_reader::progress;
    co_await asio::this_coro::throw_if_cancelled(false);
    // An error of sending is not the end: an answer may be there that says why (413, 401).
    const auto sent = co_await link_->send_all(request);
    if (sent == asio::error::operation_aborted)
        co_return sent;
    for (;;) {
        std::string_view bytes;
        const auto ec = link_->receive(bytes);
        auto state = bytes.empty() ? progress::more : reader.feed(bytes);
        if (state == progress::more && ec && ec != asio::error::would_block)
            state = ec == asio::error::eof ? reader.end() : progress::cut_short;
        if (state == progress::complete)
            co_return error_code{};
        if (state != progress::more) {
            fault = state == progress::too_large  ? http_fault::too_large
                    : state == progress::not_http ? http_fault::not_http
                                                  : fault_at_end(reader, sent ? sent : ec);
            co_return error_code{};
        }
        // Also when there may be more: one that never stops must not hold up everybody else.
        if (!ec || ec == asio::error::would_block) {
            const auto waited = co_await link_->readable();
            if (waited)
                co_return waited;
        }
    }
}

http_fault http_client_connection::fault_at_end(const http_answer_reader& reader,
                                                const error_code& ec)
{
    if (reader.begun())
        return http_fault::lost;
    // The kernel of a peer that has gone resets what still comes; one whose program has read the
    // request, and ended then, has acknowledged all of it.
    return ec != asio::error::eof || !link_->peer_has_all() ? http_fault::untaken
                                                            : http_fault::lost;
}

}  // namespace aiflow

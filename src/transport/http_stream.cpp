#include "transport/http_stream.hpp"

#include "aiflow/log.hpp"
#include "transport/deadline.hpp"
#include "transport/link_deadline.hpp"
#include "transport/websocket_codec.hpp"
#include "transport/websocket_stream.hpp"

#include <array>
#include <charconv>
#include <utility>

namespace aiflow {
namespace {

// How long a peer has to read an answer before its connection is closed.
constexpr std::chrono::seconds linger{1};

// How long an answer may take to leave.
constexpr std::chrono::seconds patience{10};

connect_failure failed(connect_stage stage, error_code ec, bool in_time, errc late)
{
    connect_failure f;
    f.stage = stage;
    f.error = named_error(ec, in_time, late);
    return f;
}

// As RFC 9112 7.1 wants it.
std::string chunk_of(std::string_view piece)
{
    std::array<char, 16> size{};
    const auto end = std::to_chars(size.data(), size.data() + size.size(), piece.size(), 16).ptr;
    std::string chunk(size.data(), end);
    chunk.append("\r\n").append(piece).append("\r\n");
    return chunk;
}

}  // namespace

http_stream::http_stream(asio::generic::stream_protocol::socket socket, timetable& times,
                         const stream_limits& limits)
    : link_(std::move(socket), times.time()), times_(times), time_(times.time()), limits_(limits),
      reader_(limits)
{
}

asio::awaitable<std::optional<connect_failure>> http_stream::secure(SSL_CTX* context,
                                                                    clock::time_point by)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    auto engine = std::make_unique<tls_engine>(context);
    link_deadline limit(times_, link_, by);
    const auto ec = limit.result(co_await link_.secure(std::move(engine)));
    if (!ec)
        co_return std::nullopt;
    auto f = failed(connect_stage::tls, ec, time_.now() < by, errc::tls_timeout);
    f.detail = printable(link_.tls_detail());
    link_.close();
    co_return f;
}

asio::awaitable<std::optional<connect_failure>> http_stream::read(clock::time_point by)
{
    return read(part::whole, by);
}

asio::awaitable<std::optional<connect_failure>> http_stream::read_header(clock::time_point by)
{
    return read(part::header, by);
}

asio::awaitable<std::optional<connect_failure>> http_stream::read(part wanted, clock::time_point by)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    const auto ec = co_await read_request(wanted, by);
    if (!ec)
        co_return std::nullopt;
    if (ec != make_error_code(errc::upgrade_invalid))
        co_return failed(connect_stage::upgrade, ec, time_.now() < by, errc::upgrade_timeout);
    connect_failure f;
    f.stage = connect_stage::upgrade;
    f.error = ec;
    f.http_status = reader_.refusal().status;
    f.detail = reader_.refusal().detail;
    http_answer no;
    no.status = f.http_status;
    co_await answer(std::move(no));
    co_return f;
}

asio::awaitable<error_code> http_stream::read_request(part wanted, clock::time_point by)
{
    using progress = http_request_reader::progress;
    co_await asio::this_coro::throw_if_cancelled(false);
    link_deadline limit(times_, link_, by);
    auto now = std::exchange(answered_, false) ? reader_.next() : reader_.feed({});
    for (;;) {
        if (now == progress::complete || (now == progress::body && wanted == part::header))
            co_return error_code{};
        if (now == progress::refused)
            co_return make_error_code(errc::upgrade_invalid);
        error_code ec;
        if (reader_.wants_continue()) {
            ec = co_await link_.send_all("HTTP/1.1 100 Continue\r\n\r\n");
            if (ec)
                co_return limit.result(ec);
        }
        std::string_view bytes;
        ec = link_.receive(bytes);
        const auto before = std::exchange(now, reader_.feed(bytes));
        if (now != before)
            continue;
        // Also when there may be more: a peer that never stops must not hold up everybody else.
        if (!ec || ec == asio::error::would_block)
            ec = co_await link_.readable();
        if (ec)
            co_return limit.result(ec);
    }
}

asio::awaitable<error_code> http_stream::answer(http_answer a, std::string_view allowed)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    answered_ = true;
    const auto text = to_text(a, allowed);
    const auto ec = co_await send(text, time_.now() + patience);
    if (!ec && a.keep_alive)
        co_return ec;
    if (!ec)
        co_await close_in_order();
    link_.close();
    co_return ec;
}

asio::awaitable<error_code> http_stream::begin(http_answer a)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    answered_ = true;
    a.keep_alive = false;
    // HTTP/1.0 knows no pieces: there, the end of the connection is the end of the answer.
    chunked_ = reader_.request().newest;
    a.length = chunked_ ? http_answer::chunked : http_answer::until_end;
    const auto text = to_text(a);
    co_return co_await send(text, time_.now() + patience);
}

asio::awaitable<error_code> http_stream::write(std::string_view piece, clock::time_point by)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    // An empty chunk would be the last one.
    if (piece.empty())
        co_return error_code{};
    std::string chunk;
    if (chunked_) {
        chunk = chunk_of(piece);
        piece = chunk;
    }
    co_return co_await send(piece, by);
}

asio::awaitable<error_code> http_stream::end()
{
    co_await asio::this_coro::throw_if_cancelled(false);
    error_code ec;
    if (chunked_)
        ec = co_await send("0\r\n\r\n", time_.now() + patience);
    if (!ec)
        co_await close_in_order();
    link_.close();
    co_return ec;
}

asio::awaitable<error_code> http_stream::send(std::string_view bytes, clock::time_point by)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    // Most answers go at once, and need neither a deadline nor a coroutine to wait in.
    error_code ec;
    bytes.remove_prefix(link_.send(bytes, ec));
    if (ec != asio::error::would_block)
        co_return ec;
    link_deadline limit(times_, link_, by);
    co_return limit.result(co_await link_.send_all(bytes));
}

asio::awaitable<error_code> http_stream::close_in_order()
{
    link_.end_output();
    // A socket closed with something unread would take the answer with it.
    link_deadline limit(times_, link_, time_.now() + linger);
    co_return co_await peer_gone();
}

asio::awaitable<error_code> http_stream::peer_gone()
{
    co_await asio::this_coro::throw_if_cancelled(false);
    for (;;) {
        std::string_view bytes;
        auto ec = link_.receive(bytes);
        // Also when there may be more: a peer that never stops must not hold up everybody else.
        if (!ec || ec == asio::error::would_block)
            ec = co_await link_.readable();
        if (ec)
            co_return ec;
    }
}

asio::awaitable<dial_result> http_stream::upgrade(std::string key, std::vector<http_header> headers)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    websocket_codec codec(link_.get_executor(), limits_);
    const auto text = codec.open_server(key, headers);
    const auto ec = co_await send(text, time_.now() + patience);
    if (ec)
        co_return failed(connect_stage::upgrade, ec, false, errc::upgrade_timeout);
    co_return make_message_stream(std::make_shared<websocket_stream>(
        std::move(link_), std::move(codec), limits_, time_, reader_.rest()));
}

}  // namespace aiflow

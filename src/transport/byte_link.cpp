#include "transport/byte_link.hpp"

#include "transport/deadline.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <linux/sockios.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace aiflow {
namespace {

// How much of what the kernel took the peer's kernel has not acknowledged.
std::optional<std::uint64_t> unacknowledged(int socket) noexcept
{
    int waiting = 0;
    if (::ioctl(socket, SIOCOUTQ, &waiting) != 0 || waiting < 0)
        return std::nullopt;
    return static_cast<std::uint64_t>(waiting);
}

// Of one read from the kernel: many events in one call.
constexpr std::size_t read_size = std::size_t{64} * 1024;

// A peer may ask for new keys as often as it likes, and needs a handful in a day.
constexpr std::size_t most_tls_answers = std::size_t{64} * 1024;

// How long written bytes may stay without an acknowledgement (reliability.md section 2).
constexpr unsigned user_timeout_ms = 20'000;

// Only called from plain functions: a coroutine that moves between threads could keep the address.
std::array<char, read_size>& read_buffer()
{
    static thread_local std::array<char, read_size> buffer;
    return buffer;
}

std::string& plain_buffer()
{
    static thread_local std::string buffer;
    return buffer;
}

}  // namespace

byte_link::byte_link(asio::generic::stream_protocol::socket socket, clock& time)
    : socket_(std::move(socket)), time_(time), first_{}
{
    // Failures are of no consequence here: a broken socket shows at the first use, and one of the
    // Unix domain has no such options.
    error_code ignored;
    socket_.non_blocking(true, ignored);
    socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
    ::setsockopt(socket_.native_handle(), IPPROTO_TCP, TCP_USER_TIMEOUT, &user_timeout_ms,
                 sizeof user_timeout_ms);
    activity_.last_in = activity_.last_out = time.now();
}

asio::awaitable<error_code> byte_link::secure(std::unique_ptr<tls_engine> engine)
{
    tls_ = std::move(engine);
    for (;;) {
        const auto progress = tls_->handshake();
        // Also a failure is told to the peer, as far as it can be.
        error_code ec = flush_tls();
        if (progress == tls_engine::progress::failed)
            co_return tls_->error();
        while (ec == asio::error::would_block) {
            ec = co_await writable();
            if (!ec)
                ec = flush_tls();
        }
        if (ec || progress == tls_engine::progress::done)
            co_return ec;

        do {
            ec = co_await readable();
            if (ec)
                co_return ec;
            auto& buffer = read_buffer();
            const auto n = socket_.read_some(asio::buffer(buffer), ec);
            activity_.bytes_in += n;
            tls_->feed({buffer.data(), n});
        } while (ec == asio::error::would_block);
        if (ec)
            co_return ec;
    }
}

asio::awaitable<error_code> byte_link::readable()
{
    const auto state = co_await asio::this_coro::cancellation_state;
    if (is_cancelled(state))
        co_return asio::error::operation_aborted;
    auto [ec] =
        co_await socket_.async_wait(asio::socket_base::wait_read, asio::as_tuple(asio::deferred));
    co_return ec;
}

asio::awaitable<error_code> byte_link::writable()
{
    const auto state = co_await asio::this_coro::cancellation_state;
    if (is_cancelled(state))
        co_return asio::error::operation_aborted;
    auto [ec] =
        co_await socket_.async_wait(asio::socket_base::wait_write, asio::as_tuple(asio::deferred));
    co_return ec;
}

error_code byte_link::receive(std::string_view& bytes)
{
    error_code ec;
    auto& buffer = read_buffer();
    const std::string_view raw(buffer.data(), socket_.read_some(asio::buffer(buffer), ec));
    return take(raw, ec, bytes);
}

error_code byte_link::received(error_code ec, std::size_t size, std::string_view& bytes)
{
    // Less than there was room for is all there was.
    if (ec || size < first_.size())
        return take({first_.data(), size}, ec, bytes);
    auto& buffer = read_buffer();
    std::copy(first_.begin(), first_.end(), buffer.begin());
    size += socket_.read_some(asio::buffer(buffer) + size, ec);
    return take({buffer.data(), size}, ec, bytes);
}

error_code byte_link::take(std::string_view raw, error_code ec, std::string_view& bytes)
{
    bytes = {};
    if (!raw.empty()) {
        activity_.last_in = time_.now();
        activity_.bytes_in += raw.size();
    }
    if (!tls_) {
        bytes = raw;
        return ec;
    }
    auto& plain = plain_buffer();
    plain.clear();
    const auto before = tls_->output().size();
    const auto tls_error = tls_->decrypt(raw, plain);
    bytes = plain;
    // What TLS itself answers goes out with the next write.
    const auto now = tls_->output().size();
    tls_answers_ = now == 0 ? 0 : tls_answers_ + (now - before);
    if (tls_answers_ > most_tls_answers)
        return make_error_code(errc::protocol_violation);
    return tls_error ? tls_error : ec;
}

std::size_t byte_link::send(std::string_view bytes, error_code& ec)
{
    if (!tls_)
        return send_raw(bytes, ec);
    // What was encrypted before goes first; then a whole batch becomes records in one go.
    ec = flush_tls();
    if (ec)
        return 0;
    ec = tls_->encrypt(bytes);
    if (!ec)
        ec = flush_tls();
    return bytes.size();
}

std::size_t byte_link::send_raw(std::string_view bytes, error_code& ec)
{
    std::size_t sent = 0;
    ec = {};
    while (sent < bytes.size() && !ec)
        sent += socket_.send(asio::buffer(bytes.substr(sent)), send_flags_, ec);
    activity_.bytes_out += sent;
    // The clock is only asked while the peer is slow.
    if (sent > 0 && (ec || waited_))
        activity_.last_out = time_.now();
    waited_ = ec == asio::error::would_block;
    return sent;
}

error_code byte_link::flush_tls()
{
    error_code ec;
    auto& output = tls_->output();
    const auto n = send_raw(output, ec);
    output.erase(0, n);
    return ec;
}

bool byte_link::peer_has_all()
{
    int error = 0;
    socklen_t size = sizeof error;
    const auto under_way = unacknowledged(socket_.native_handle());
    return under_way && *under_way == 0 && !unsent() &&
           ::getsockopt(socket_.native_handle(), SOL_SOCKET, SO_ERROR, &error, &size) == 0 &&
           error == 0;
}

std::uint64_t byte_link::bytes_under_way() noexcept
{
    return unacknowledged(socket_.native_handle()).value_or(0);
}

void byte_link::cancel()
{
    error_code ignored;
    socket_.cancel(ignored);
}

asio::awaitable<error_code> byte_link::send_all(std::string_view bytes)
{
    for (;;) {
        error_code ec;
        bytes.remove_prefix(send(bytes, ec));
        if (!ec && bytes.empty())
            co_return ec;
        if (ec == asio::error::would_block)
            ec = co_await writable();
        if (ec)
            co_return ec;
    }
}

void byte_link::release() noexcept
{
    // Linux sends what it holds whenever this is set.
    error_code ignored;
    if (std::exchange(send_flags_, 0) != 0)
        socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
}

void byte_link::end_output()
{
    if (tls_) {
        tls_->end();
        flush_tls();
    }
    send_flags_ = 0;
    error_code ignored;
    socket_.shutdown(asio::socket_base::shutdown_send, ignored);
}

void byte_link::close() noexcept
{
    error_code ignored;
    socket_.close(ignored);
}

}  // namespace aiflow

#include "bench/peer.hpp"

#include <openssl/err.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace aiflow::bench {

peer::peer(descriptor socket, SSL* ssl, bool dialled)
    : socket_(std::move(socket)), ssl_(ssl, SSL_free), dialled_(dialled)
{
    if (ssl == nullptr)
        return;
    SSL_set_fd(ssl, socket_.get());
    if (dialled)
        SSL_set_connect_state(ssl);
    else
        SSL_set_accept_state(ssl);
}

bool peer::flush()
{
    ssl_waits_ = false;
    while (written_ < out_.size()) {
        const char* data = out_.data() + written_;
        const auto size = out_.size() - written_;
        std::size_t n = 0;
        if (ssl_ == nullptr) {
            const auto sent = ::send(fd(), data, size, MSG_NOSIGNAL);
            if (sent < 0)
                return errno == EAGAIN;
            n = static_cast<std::size_t>(sent);
        } else {
            ERR_clear_error();
            if (SSL_write_ex(ssl_.get(), data, size, &n) != 1) {
                const int why = SSL_get_error(ssl_.get(), 0);
                ssl_waits_ = why == SSL_ERROR_WANT_WRITE;
                return ssl_waits_ || why == SSL_ERROR_WANT_READ;
            }
        }
        written_ += n;
    }
    written_ = 0;
    if (out_.capacity() > std::size_t{1} << 20)
        std::string().swap(out_);
    out_.clear();
    return true;
}

peer::got peer::read(std::span<char> buffer, std::span<char>& data)
{
    if (ssl_ == nullptr) {
        const auto n = ::recv(fd(), buffer.data(), buffer.size(), 0);
        if (n > 0)
            data = buffer.first(static_cast<std::size_t>(n));
        return n > 0 ? got::bytes : n < 0 && errno == EAGAIN ? got::nothing : got::end;
    }
    std::size_t size = 0;
    // Record by record, until the kernel has nothing more.
    while (buffer.size() - size >= SSL3_RT_MAX_PLAIN_LENGTH) {
        std::size_t n = 0;
        ERR_clear_error();
        if (SSL_read_ex(ssl_.get(), buffer.data() + size, buffer.size() - size, &n) != 1) {
            const int why = SSL_get_error(ssl_.get(), 0);
            const bool waits = why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE;
            at_end_ = !waits;
            if (size == 0)
                return waits ? got::nothing : got::end;
            break;
        }
        size += n;
    }
    data = buffer.first(size);
    return got::bytes;
}

void peer::drop() noexcept
{
    now = state::closed;
    if (ssl_ != nullptr)
        SSL_shutdown(ssl_.get());
    ERR_clear_error();
    socket_.close();
}

}  // namespace aiflow::bench

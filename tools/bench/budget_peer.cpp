#include "bench/budget_peer.hpp"

#include "bench/budget_frames.hpp"

#include <boost/system/system_error.hpp>

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <stdexcept>
#include <utility>

namespace aiflow::bench {

namespace {

[[noreturn]] void fail(const char* what)
{
    throw std::system_error(errno, std::generic_category(), what);
}

}  // namespace

budget_peer::budget_peer(int socket, bool masks) : socket_(socket), masks_(masks) {}

budget_peer::~budget_peer()
{
    ::close(socket_);
}

void budget_peer::secure(std::unique_ptr<tls_engine> engine)
{
    tls_ = std::move(engine);
}

bool budget_peer::handshake()
{
    tls_->feed(receive_raw());
    const auto progress = tls_->handshake();
    send_raw(std::exchange(tls_->output(), {}));
    if (progress == tls_engine::progress::failed)
        throw std::runtime_error("no TLS: " + tls_->detail());
    return progress == tls_engine::progress::done;
}

void budget_peer::send(std::string_view bytes)
{
    if (!tls_)
        return send_raw(bytes);
    if (const auto ec = tls_->encrypt(bytes))
        throw boost::system::system_error(ec, "encrypt");
    send_raw(std::exchange(tls_->output(), {}));
}

// A batch always fits into the kernel's buffer, or the workload is not what it says.
void budget_peer::send_raw(std::string_view bytes)
{
    if (bytes.empty())
        return;
    const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent != static_cast<ssize_t>(bytes.size()))
        fail("send");
}

std::string budget_peer::receive_raw()
{
    std::string all;
    std::array<char, std::size_t{64} * 1024> buffer;
    for (;;) {
        const auto n = ::recv(socket_, buffer.data(), buffer.size(), MSG_DONTWAIT);
        if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            return all;
        if (n < 0)
            fail("recv");
        if (n == 0) {
            ended_ = true;
            return all;
        }
        all.append(buffer.data(), static_cast<std::size_t>(n));
    }
}

void budget_peer::receive()
{
    const auto raw = receive_raw();
    if (!tls_) {
        in_ += raw;
    } else if (!raw.empty()) {
        if (const auto ec = tls_->decrypt(raw, in_))
            throw boost::system::system_error(ec, "decrypt");
    }
}

bool budget_peer::take_header()
{
    receive();
    const auto end = in_.find("\r\n\r\n");
    if (end == std::string::npos)
        return false;
    if (!in_.starts_with("HTTP/1.1 101"))
        throw std::runtime_error("refused: " + in_.substr(0, in_.find('\r')));
    in_.erase(0, end + 4);
    return true;
}

void budget_peer::take(std::string_view expected)
{
    receive();
    while (take_frame(expected)) {
    }
}

bool budget_peer::take_frame(std::string_view expected)
{
    if (in_.size() < 2)
        return false;
    const auto byte = [this](std::size_t i) { return static_cast<unsigned char>(in_[i]); };
    std::size_t at = 2;
    std::size_t size = byte(1) & 0x7fU;
    if (size == 127)
        throw std::runtime_error("an answer is larger than any should be");
    if (size == 126) {
        if (in_.size() < 4)
            return false;
        size = static_cast<std::size_t>(byte(2)) << 8U | byte(3);
        at = 4;
    }
    const bool masked = (byte(1) & 0x80U) != 0;
    if (masked == masks_)
        throw std::runtime_error("the library plays the wrong role");
    const auto mask_at = at;
    if (masked)
        at += 4;
    if (in_.size() < at + size)
        return false;
    auto payload = in_.substr(at, size);
    for (std::size_t i = 0; masked && i < size; ++i)
        payload[i] = static_cast<char>(payload[i] ^ in_[mask_at + i % 4]);
    const auto opcode = byte(0) & 0x0fU;
    in_.erase(0, at + size);

    if (opcode == text_opcode) {
        if (payload.find(expected) == std::string::npos)
            throw std::runtime_error("not the answer that was expected");
        ++texts_;
    } else if (opcode == ping_opcode) {
        pings_.push_back(std::move(payload));
    } else if (opcode == close_opcode) {
        closed_ = true;
    }
    return true;
}

void budget_peer::answer_pings()
{
    std::string pongs;
    for (const auto& payload : std::exchange(pings_, {}))
        pongs += budget_frame(pong_opcode, payload, masks_);
    send(pongs);
}

}  // namespace aiflow::bench

#include "bench/budget_calls.hpp"

#include "bench/budget_frames.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace aiflow::bench {

namespace {

constexpr std::string_view upgrade =
    "GET /ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
constexpr std::string_view close_normally = "\x03\xe8";
constexpr std::size_t turns_of_a_call = 5;

listener_options listener_settings()
{
    listener_options o;
    o.port = 0;
    o.time = &standing_clock();
    o.seed = 1;
    return o;
}

int dial_loopback(std::uint16_t port)
{
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || ::connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0)
        throw std::system_error(errno, std::generic_category(), "connect");
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return fd;
}

}  // namespace

budget_calls::budget_calls() : listener_(io_, listener_settings())
{
    listener_.serve<budget_bot>(budget_bot::answer::speech, &counts_);
    listener_.open().value();
    listener_.async_run([this](std::exception_ptr, error_code) { stopped_ = true; });
    while (listener_.status().state != listener_state::listening)
        uncounted_turn(io_);
}

budget_calls::~budget_calls()
{
    listener_.abort();
    while (!stopped_)
        uncounted_turn(io_);
}

std::size_t budget_calls::play(std::size_t calls, budget_turn turn)
{
    for (std::size_t i = 0; i < calls; ++i)
        play_one(turn);
    return calls;
}

void budget_calls::play_one(budget_turn turn)
{
    {
        budget_peer peer(dial_loopback(listener_.port()), true);
        talk(peer, turn);
    }
    while (listener_.status().open > 0)
        turn(io_);
}

void budget_calls::talk(budget_peer& peer, budget_turn turn)
{
    const auto call = calls_++;
    peer.send(upgrade);
    while (!peer.take_header())
        turn(io_);
    peer.send(budget_frame(text_opcode, budget_start(call), true));
    const auto question = budget_frame(text_opcode, budget_user_speak(call), true);
    for (std::size_t answers = 1; answers <= turns_of_a_call; ++answers) {
        peer.send(question);
        while (peer.texts() < answers) {
            turn(io_);
            peer.take(R"("type":"speak")");
        }
    }
    peer.send(budget_frame(text_opcode, budget_end(call), true));
    while (counts_.ends <= call)
        turn(io_);
    peer.send(budget_frame(close_opcode, close_normally, true));
    while (!peer.ended()) {
        turn(io_);
        peer.take({});
    }
    if (!peer.closed() || peer.texts() != turns_of_a_call)
        throw std::runtime_error("the call did not end as it should");
}

}  // namespace aiflow::bench

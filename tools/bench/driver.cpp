#include "bench/driver.hpp"

#include "bench/upgrade.hpp"

#include <sys/epoll.h>

#include <array>
#include <cerrno>
#include <stdexcept>
#include <utility>

namespace aiflow::bench {

namespace {

// More at once would not fit into the backlog of the application's listener.
constexpr std::size_t handshakes_at_once = 256;
constexpr std::size_t buffer_bytes = std::size_t{256} * 1024;
constexpr std::chrono::seconds patience{20};
constexpr std::chrono::milliseconds aftermath{20};

}  // namespace

void run::ended(peer&)
{
    throw std::runtime_error("the application closed a connection before it should");
}

driver::driver(tls_context tls, bool spin)
    : tls_(std::move(tls)), spin_(spin), epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      buffer_(buffer_bytes)
{
    if (epoll_.get() < 0)
        throw_errno("epoll_create1");
}

std::uint16_t driver::listen()
{
    listener_ = listen_on_loopback();
    epoll_event e{};
    e.events = EPOLLIN;
    if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, listener_.get(), &e) != 0)
        throw_errno("epoll_ctl");
    return port_of(listener_);
}

void driver::dial(std::size_t connections)
{
    if (port_ != 0)
        to_dial_ += connections;
}

std::vector<peer*> driver::peers() const
{
    std::vector<peer*> all;
    all.reserve(peers_.size());
    for (const auto& [p, owned] : peers_)
        all.push_back(p);
    return all;
}

void driver::play(run& r)
{
    begin(r);
    while (!r.done())
        turn(r);
    // An answer too many would come now, and find no question.
    for (const auto until = steady::now() + aftermath; steady::now() < until;)
        turn(r);
}

void driver::begin(run& r)
{
    last_news_ = steady::now();
    r.begin(*this);
}

void driver::turn(run& r)
{
    gone_.clear();
    start_dialling();
    std::array<epoll_event, 512> ready{};
    const int n =
        ::epoll_wait(epoll_.get(), ready.data(), static_cast<int>(ready.size()), spin_ ? 0 : 1);
    if (n < 0 && errno != EINTR)
        throw_errno("epoll_wait");
    const auto now = steady::now();
    if (n > 0)
        last_news_ = now;
    else if (now - last_news_ > patience)
        throw std::runtime_error("nothing came from the application for 20 s");
    for (int i = 0; i < n; ++i) {
        auto* p = static_cast<peer*>(ready[static_cast<std::size_t>(i)].data.ptr);
        if (p == nullptr)
            accept_all();
        else if (p->now != peer::state::closed)
            serve(*p, r, now);
    }
    r.turn(now);
    flush_all(r);
}

void driver::accept_all()
{
    for (auto s = accept_from(listener_); s.get() >= 0; s = accept_from(listener_))
        add(std::move(s), false);
}

void driver::start_dialling()
{
    for (; to_dial_ > 0 && shaking_hands_ < handshakes_at_once; --to_dial_) {
        add(dial_loopback(port_, dialled_++), true);
        ++shaking_hands_;
    }
}

void driver::add(descriptor socket, bool dialled)
{
    auto owned =
        std::make_unique<peer>(std::move(socket), tls_ ? SSL_new(tls_.get()) : nullptr, dialled);
    peer& p = *owned;
    peers_.emplace(&p, std::move(owned));
    if (dialled)
        p.out() = upgrade_request();
    p.room_is_watched = dialled;  // says when it is connected
    epoll_event e{};
    e.events = dialled ? EPOLLIN | EPOLLOUT : EPOLLIN;
    e.data.ptr = &p;
    if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, p.fd(), &e) != 0)
        throw_errno("epoll_ctl");
}

void driver::watch(peer& p)
{
    if (p.room_is_watched == p.waits_for_room())
        return;
    p.room_is_watched = p.waits_for_room();
    epoll_event e{};
    e.events = p.room_is_watched ? EPOLLIN | EPOLLOUT : EPOLLIN;
    e.data.ptr = &p;
    if (::epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, p.fd(), &e) != 0)
        throw_errno("epoll_ctl");
}

void driver::serve(peer& p, run& r, steady::time_point now)
{
    touch(p);
    std::span<char> data;
    switch (p.read(buffer_, data)) {
    case peer::got::nothing:
        return;
    case peer::got::end:
        return end(p, r);
    case peer::got::bytes:
        break;
    }
    if (p.now == peer::state::handshake)
        data = shake_hands(p, data, r);
    if (!data.empty())
        take(p, data, r, now);
    if (p.at_end())
        end(p, r);
}

// Gives what came behind the handshake.
std::span<char> driver::shake_hands(peer& p, std::span<char> data, run& r)
{
    const auto before = p.head.size();
    p.head.append(data.data(), data.size());
    const auto end_of_head = p.head.find("\r\n\r\n");
    if (end_of_head == std::string::npos)
        return {};
    p.head.resize(end_of_head + 4);
    const auto rest = data.subspan(p.head.size() - before);
    if (!p.dialled())
        p.out() = answer_upgrade(p.head);
    else if (const auto wrong = wrong_answer(p.head); !wrong.empty())
        throw std::runtime_error(wrong);
    std::string().swap(p.head);
    p.now = peer::state::open;
    shaking_hands_ -= p.dialled() ? 1 : 0;
    ++open_;
    r.opened(p);
    return rest;
}

void driver::take(peer& p, std::span<char> data, run& r, steady::time_point now)
{
    p.scanner.put(data);
    while (const auto f = p.scanner.next()) {
        switch (f->op) {
        case opcode::text:
            r.received(p, f->payload, now);
            break;
        case opcode::ping:
            p.send(opcode::pong, f->payload);
            r.pinged(p, now);
            break;
        case opcode::close:
            p.close_received = true;
            if (!std::exchange(p.close_sent, true))
                p.send(opcode::close, f->payload);
            break;
        case opcode::pong:
            break;
        default:
            throw std::runtime_error("the application sent a frame that is neither text nor "
                                     "control");
        }
    }
}

void driver::flush_all(run& r)
{
    for (std::size_t i = 0; i < touched_.size(); ++i) {
        peer& p = *touched_[i];
        if (p.now == peer::state::closed)
            continue;
        if (p.flush())
            watch(p);
        else
            end(p, r);
    }
    touched_.clear();
}

void driver::end(peer& p, run& r)
{
    if (p.now == peer::state::handshake)
        throw std::runtime_error("the application closed a connection in its handshake");
    --open_;
    p.drop();
    auto owned = peers_.extract(&p);
    gone_.push_back(std::move(owned.mapped()));
    r.ended(p);
}

}  // namespace aiflow::bench

#pragma once

#include "bench/run.hpp"
#include "bench/sockets.hpp"
#include "bench/tls.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace aiflow::bench {

/// Plays AI Flow's part as cheaply as it can, so that the application is what limits a run: sockets
/// that do not block, one epoll, frames that are made once, one write for everything that is due.
///
/// Thread safety: none.
class driver {
public:
    /// `tls`: null for plain TCP. `spin`: never sleeps, for a driver with a core of its own.
    driver(tls_context tls, bool spin);

    /// The application is the server: dial it there.
    void will_dial(std::uint16_t port) { port_ = port; }
    /// The application is the client. Gives the port.
    std::uint16_t listen();

    /// So many more connections; when the application is the client, it has to open them.
    void dial(std::size_t connections);
    std::size_t open() const noexcept { return open_; }
    /// Those that are dialled, or about to be.
    std::size_t dialling() const noexcept { return to_dial_ + shaking_hands_; }
    /// All of them, in no order.
    std::vector<peer*> peers() const;

    /// Something was appended for `p` outside of `opened`, `received` and `pinged`.
    void touch(peer& p) { touched_.push_back(&p); }

    /// Goes on with `r` until it is done.
    /// Throws what the run throws, and `runtime_error` when nothing happens for 20 s.
    void play(run& r);

    /// One turn: what the kernel has, then what is to be written. For whoever does something else
    /// in between.
    void begin(run& r);
    void turn(run& r);

private:
    void accept_all();
    void start_dialling();
    void add(descriptor socket, bool dialled);
    void watch(peer& p);
    void serve(peer& p, run& r, steady::time_point now);
    std::span<char> shake_hands(peer& p, std::span<char> data, run& r);
    void take(peer& p, std::span<char> data, run& r, steady::time_point now);
    void flush_all(run& r);
    void end(peer& p, run& r);

    tls_context tls_;
    bool spin_;
    descriptor epoll_;
    descriptor listener_;
    std::uint16_t port_ = 0;
    std::size_t to_dial_ = 0;
    std::size_t dialled_ = 0;
    std::size_t shaking_hands_ = 0;
    std::size_t open_ = 0;
    std::unordered_map<peer*, std::unique_ptr<peer>> peers_;
    std::vector<std::unique_ptr<peer>> gone_;
    std::vector<peer*> touched_;
    std::vector<char> buffer_;
    steady::time_point last_news_{};
};

}  // namespace aiflow::bench

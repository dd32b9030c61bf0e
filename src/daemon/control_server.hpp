#pragma once

#include "aiflow/log.hpp"
#include "daemon/control_api.hpp"
#include "daemon/control_socket.hpp"
#include "daemon/peer_access.hpp"
#include "session/async_event.hpp"
#include "session/log_limiter.hpp"
#include "transport/http_stream.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <list>
#include <memory>
#include <optional>
#include <string>

namespace aiflow {

struct control_server_options {
    logger log = {};
    clock* time = &real_clock();
    control_scope scope = control_scope::everything;
    std::optional<peer_access> access = {};  ///< nothing: whoever reaches the socket
    std::size_t max_connections = 32;
    /// The body may hold a WAV file.
    stream_limits limits{std::size_t{4} * 1024 * 1024, 1, std::size_t{16} * 1024};
    std::chrono::milliseconds request_timeout{10'000};  ///< for the first request
    std::chrono::milliseconds idle{60'000};             ///< for each one behind it
    std::chrono::milliseconds tail_stall{300'000};      ///< for a reader of a tail that pauses
};

/// Serves requests to the daemon on one socket. When `max_connections` are open, the one that has
/// waited longest for a request makes room for a new one.
///
/// Thread safety: none; the acceptor's executor.
/// Lifetime: held by `shared_ptr`, also by its connections; `api` and the clock outlive those.
class control_server : public std::enable_shared_from_this<control_server> {
public:
    control_server(stream_acceptor acceptor, control_api& api, control_server_options options);

    /// Serves until `stop`; completes when the last connection has gone.
    /// Cancellation: drops the connections; completes soon.
    asio::awaitable<void> run();

    /// Takes no further requests. Those under way are answered, and tails end in order, within two
    /// seconds.
    void stop();

    std::size_t connections() const noexcept { return guests_.size(); }

private:
    using socket = asio::generic::stream_protocol::socket;

    /// One connection.
    struct guest {
        guest(socket s, timetable& times, const stream_limits& limits);

        http_stream http;
        std::optional<uid_t> user = {};
        std::shared_ptr<live_tail> tail = nullptr;
        bool busy = false;  ///< a request is being served
    };
    using guest_ptr = std::shared_ptr<guest>;

    asio::awaitable<void> serve_all();
    asio::awaitable<void> accept_all();
    asio::awaitable<void> see_out();
    void welcome(socket s);
    bool may_control(const guest& g) const;
    bool make_room();

    asio::awaitable<void> serve(guest_ptr g);
    asio::awaitable<void> serve_requests(guest_ptr g);
    asio::awaitable<bool> serve_request(guest_ptr g);
    asio::awaitable<void> serve_tail(guest_ptr g, control_answer a);
    asio::awaitable<error_code> write_lines(guest_ptr g);
    asio::awaitable<void> refuse(guest_ptr g, control_error why);

    void note_refused(const guest& g, std::string_view why);
    void note_change(const guest& g, std::string what, unsigned status);

    stream_acceptor acceptor_;
    control_api& api_;
    control_server_options options_;
    clock& time_;
    timetable times_;
    std::list<guest_ptr> guests_;  // who has waited longest for a request comes first
    log_limiter refusals_;
    async_event left_;  // a guest has gone
    bool stopping_ = false;
};

}  // namespace aiflow

#pragma once

#include "aiflow/listener.hpp"
#include "session/access.hpp"
#include "session/async_event.hpp"
#include "session/connection.hpp"
#include "session/http_endpoint.hpp"
#include "session/idle_cuts.hpp"
#include "session/log_limiter.hpp"
#include "session/service_home.hpp"
#include "transport/http_stream.hpp"
#include "transport/tls_context.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/intrusive/list.hpp>

#include <memory>
#include <string>

namespace aiflow {

/// The life of a listener: accept, let each connection run by itself, and see them all out.
///
/// Thread safety: none; the listener posts to its executor.
/// Lifetime: held by whoever runs it, and by every connection.
class listener_loop : public std::enable_shared_from_this<listener_loop> {
public:
    /// Throws `failure` when the certificate cannot be used.
    listener_loop(asio::any_io_executor executor, listener_options options);

    const asio::any_io_executor& get_executor() const noexcept { return executor_; }

    checked<void> open();
    std::uint16_t port() const noexcept { return local_.port(); }
    asio::awaitable<error_code> run();
    /// Takes no further connection.
    void close();
    void stop();
    void abort();

    checked<void> reload_certificate();
    std::optional<problem> check_tokens(const std::vector<secret>& tokens) const;
    checked<void> replace_tokens(std::vector<secret> tokens);

    dispatcher& home() noexcept { return *service_.sessions; }
    listener_status status() const { return status_; }

private:
    using tcp = asio::ip::tcp;

    using place = boost::intrusive::list_member_hook<
        boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

    /// One connection, from its TCP handshake to its end.
    struct guest {
        guest(std::uint64_t n, tcp::socket s, const tcp::endpoint& from, timetable& times,
              const stream_limits& limits);

        std::uint64_t number;
        tcp::endpoint address;
        std::unique_ptr<http_stream> http;  ///< until it is a WebSocket
        std::shared_ptr<connection> websocket;
        place among_all;
        place among_strangers;
        bool busy = false;  ///< an HTTP request is being handled

        bool is_stranger() const noexcept { return among_strangers.is_linked(); }
    };
    using guest_ptr = std::shared_ptr<guest>;

    /// In the order in which they came.
    template <place guest::*member>
    using guest_list =
        boost::intrusive::list<guest, boost::intrusive::member_hook<guest, place, member>,
                               boost::intrusive::constant_time_size<false>>;

    checked<void> bind(const tcp::endpoint& where);
    checked<void> take_descriptor(int descriptor);

    asio::awaitable<void> accept_all();
    asio::awaitable<void> shut_down();
    asio::awaitable<void> see_out(clock::time_point by);
    void welcome(tcp::socket socket, const tcp::endpoint& from);

    asio::awaitable<void> serve(guest_ptr g);
    asio::awaitable<void> serve_requests(guest_ptr g);
    asio::awaitable<bool> serve_request(guest_ptr g, access_decision decision);
    asio::awaitable<bool> serve_health(guest_ptr g);
    asio::awaitable<bool> serve_event(guest_ptr g);
    asio::awaitable<bool> open_websocket(guest_ptr g);
    asio::awaitable<bool> refuse(guest_ptr g, access_decision why);

    void let_in(guest& g);
    void drop(guest& g);
    void drop_all();
    void note_refused(const guest& g, std::string_view why);
    void note_open(const guest& g);
    void note_end(const guest& g, const connection_end& e);

    asio::any_io_executor executor_;
    listener_options options_;
    access_rules access_;
    service_home service_;
    clock& time_;
    std::shared_ptr<SSL_CTX> tls_;
    tcp::acceptor acceptor_;
    tcp::endpoint local_;
    std::shared_ptr<http_endpoint> endpoint_;
    guest_list<&guest::among_all> guests_;
    guest_list<&guest::among_strangers> strangers_;  // have shown no token yet
    log_limiter refusals_;
    idle_cuts idle_cuts_;
    listener_status status_;
    async_event stop_;
    async_event left_;  // a guest has gone
    std::uint64_t numbers_ = 0;
    bool started_ = false;
    bool closed_ = false;
    bool stopping_ = false;
    bool aborting_ = false;
};

}  // namespace aiflow

// What aiflow-bench compares with: the least that Beast costs. Parses nothing, checks nothing,
// answers a constant, one write for each message.
#include "bench/answer.hpp"

#include <CLI/CLI.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>

#include <cstdio>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using tcp = asio::ip::tcp;
using error_code = boost::system::error_code;
using executor = asio::io_context::executor_type;
using plain_socket = asio::basic_stream_socket<tcp, executor>;
using acceptor = asio::basic_socket_acceptor<tcp, executor>;
using tls_socket = asio::ssl::stream<plain_socket>;

struct settings {
    std::string answer =
        aiflow::bench::answer_for(std::string(aiflow::bench::session_id_size, '0'));
    std::size_t quiet_size = 0;
    std::string certificate;
    std::string key;
    std::string host = "127.0.0.1";
    std::uint16_t port = 0;
    std::size_t connections = 1;
};

// One connection, of either role. `Next` is a TCP socket or TLS over one.
template <class Next>
class bot : public std::enable_shared_from_this<bot<Next>> {
public:
    template <class... Args>
    bot(const settings& s, bool server, Args&&... args)
        : settings_(s), stream_(std::forward<Args>(args)...), server_(server)
    {
        stream_.text(true);
        beast::get_lowest_layer(stream_).set_option(tcp::no_delay(true));
    }

    void run()
    {
        if constexpr (std::is_same_v<Next, tls_socket>) {
            const auto side = server_ ? tls_socket::server : tls_socket::client;
            stream_.next_layer().async_handshake(side,
                                                 [self = this->shared_from_this()](error_code ec) {
                                                     if (!ec)
                                                         self->upgrade();
                                                 });
        } else {
            upgrade();
        }
    }

private:
    void upgrade()
    {
        const auto opened = [self = this->shared_from_this()](error_code ec) {
            if (!ec)
                self->read();
        };
        if (server_)
            stream_.async_accept(opened);
        else
            stream_.async_handshake(settings_.host, "/ws", opened);
    }

    void read()
    {
        stream_.async_read(in_, [self = this->shared_from_this()](error_code ec, std::size_t n) {
            if (ec)
                return;
            self->in_.clear();
            if (n != self->settings_.quiet_size)
                self->answer();
            else
                self->read();
        });
    }

    void answer()
    {
        stream_.async_write(asio::buffer(settings_.answer),
                            [self = this->shared_from_this()](error_code ec, std::size_t) {
                                if (!ec)
                                    self->read();
                            });
    }

    const settings& settings_;
    beast::websocket::stream<Next, false> stream_;
    beast::flat_buffer in_;
    bool server_;
};

// Makes a bot of a connected socket.
class host {
public:
    host(const settings& s, bool server) : settings_(s), server_(server)
    {
        if (s.certificate.empty())
            return;
        tls_.emplace(asio::ssl::context::tls);
        if (server) {
            tls_->use_certificate_chain_file(s.certificate);
            tls_->use_private_key_file(s.key, asio::ssl::context::pem);
        } else {
            tls_->load_verify_file(s.certificate);
            tls_->set_verify_mode(asio::ssl::verify_peer);
        }
    }

    void take(plain_socket socket)
    {
        if (tls_)
            std::make_shared<bot<tls_socket>>(settings_, server_, std::move(socket), *tls_)->run();
        else
            std::make_shared<bot<plain_socket>>(settings_, server_, std::move(socket))->run();
    }

private:
    const settings& settings_;
    bool server_;
    std::optional<asio::ssl::context> tls_;
};

void accept_next(acceptor& from, host& h)
{
    from.async_accept([&](error_code ec, plain_socket socket) {
        if (!ec)
            h.take(std::move(socket));
        accept_next(from, h);
    });
}

void listen(const settings& s)
{
    asio::io_context io(1);
    host h(s, true);
    acceptor from(io, {asio::ip::address_v4::loopback(), 0});
    from.listen(4096);
    std::printf("port %u\n", unsigned{from.local_endpoint().port()});
    std::fflush(stdout);
    accept_next(from, h);
    io.run();
}

void dial(const settings& s)
{
    asio::io_context io(1);
    host h(s, false);
    std::deque<plain_socket> dialling;
    for (std::size_t i = 0; i < s.connections; ++i) {
        auto& socket = dialling.emplace_back(io);
        socket.async_connect({asio::ip::address_v4::loopback(), s.port},
                             [&h, &socket](error_code ec) {
                                 if (!ec)
                                     h.take(std::move(socket));
                             });
    }
    io.run();
}

}  // namespace

int main(int argc, char** argv)
{
    settings s;
    CLI::App app("The bare Beast loop that aiflow-bench compares with.", "aiflow-bench-beast");
    app.require_subcommand(1);
    app.add_option("--certificate", s.certificate, "PEM; of a client, what it trusts");
    app.add_option("--quiet-size", s.quiet_size, "messages of this size are not answered");
    auto* listening = app.add_subcommand("listen", "takes connections; prints its port");
    listening->add_option("--key", s.key, "PEM");
    auto* dialling = app.add_subcommand("dial", "opens connections to 127.0.0.1");
    dialling->add_option("port", s.port, "there")->required();
    dialling->add_option("--connections", s.connections, "so many")->check(CLI::Range(1, 10'000));
    for (auto* sub : {listening, dialling})
        sub->fallthrough();
    try {
        app.parse(argc, argv);
        if (*listening)
            listen(s);
        else
            dial(s);
    } catch (const CLI::ParseError& e) {
        return app.exit(e) == 0 ? 0 : 64;
    } catch (const std::exception& e) {
        std::fprintf(stderr, "aiflow-bench-beast: %s\n", e.what());
        return 1;
    }
    return 0;
}

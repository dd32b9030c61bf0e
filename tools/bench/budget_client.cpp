#include "bench/budget_client.hpp"

#include "test_certs.hpp"
#include "transport/byte_link.hpp"
#include "transport/tls_context.hpp"
#include "transport/websocket_codec.hpp"
#include "transport/websocket_stream.hpp"

#include <boost/asio/co_spawn.hpp>

#include <openssl/ssl.h>
#include <sys/socket.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace aiflow::bench {

namespace {

using stream_socket = asio::generic::stream_protocol::socket;

client_options client_settings()
{
    client_options o;
    o.url = "ws://127.0.0.1/";
    o.time = &standing_clock();
    o.seed = 1;
    o.sessions.sms.process_per_minute = 1'000'000;  // the limits are not what is measured
    o.sessions.sms.max_open = 1'000'000;
    return o;
}

struct engine_pair {
    std::unique_ptr<tls_engine> library;
    std::unique_ptr<tls_engine> peer;
};

engine_pair make_engines()
{
    test::certificate_request wanted;
    wanted.alternative_names = "DNS:localhost";
    const auto own = test::make_certificate(wanted, nullptr);
    const auto client = client_context({}).value();
    X509_STORE_add_cert(SSL_CTX_get_cert_store(client.get()), own.x509.get());
    const ssl_context server(SSL_CTX_new(TLS_server_method()));
    SSL_CTX_use_certificate(server.get(), own.x509.get());
    SSL_CTX_use_PrivateKey(server.get(), own.key.get());
    return {std::make_unique<tls_engine>(client.get(), "localhost"),
            std::make_unique<tls_engine>(server.get())};
}

}  // namespace

budget_client::budget_client(budget_wire wire, handler_factory factory) : wire_(wire)
{
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        throw std::system_error(errno, std::generic_category(), "socketpair");
    socket_ = ends[0];
    peer_ = std::make_unique<budget_peer>(ends[1], !wire.library_masks);
    bool secured = !wire.tls;
    if (wire.tls) {
        auto engines = make_engines();
        engine_ = std::move(engines.library);
        peer_->secure(std::move(engines.peer));
    }
    start(std::move(factory));
    while (!secured) {
        uncounted_turn(io_);
        secured = peer_->handshake();
    }
    while (loop_->status().state != client_state::open)
        uncounted_turn(io_);
}

void budget_client::start(handler_factory factory)
{
    loop_ = std::make_shared<client_loop>(io_.get_executor(), client_settings(),
                                          [this] { return open(this); });
    loop_->home().serve(std::move(factory));
    asio::co_spawn(io_, loop_->run(), [this](std::exception_ptr e, error_code) {
        stopped_ = true;
        if (e)
            std::rethrow_exception(e);
    });
}

budget_client::~budget_client()
{
    loop_->abort();
    while (!stopped_)
        uncounted_turn(io_);
}

asio::awaitable<dial_result> budget_client::open(budget_client* self)
{
    const stream_limits limits;
    stream_socket socket(self->io_, {AF_UNIX, 0}, self->socket_);
    byte_link link(std::move(socket), standing_clock());
    if (self->wire_.tls) {
        if (const auto ec = co_await link.secure(std::move(self->engine_)))
            throw boost::system::system_error(ec, "the library's TLS");
    }
    // Of the handshake only the codec's part is needed: it is long over when events come.
    websocket_codec codec(link.get_executor(), limits);
    if (self->wire_.library_masks)
        codec.open_client("localhost", "/", {});
    else
        codec.open_server("dGhlIHNhbXBsZSBub25jZQ==", {});
    co_return make_message_stream(std::make_shared<websocket_stream>(
        std::move(link), std::move(codec), limits, standing_clock(), std::string_view()));
}

}  // namespace aiflow::bench

#include "transport/websocket_codec.hpp"

#include "transport/beast_view.hpp"
#include "transport/frame_scanner.hpp"
#include "transport/handshake_key.hpp"
#include "transport/scratch.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/buffers_iterator.hpp>
#include <boost/asio/error.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <utility>

namespace aiflow {

namespace beast = boost::beast;
namespace http = beast::http;

namespace {

// Room for an answer to a handshake, which Beast writes piece by piece.
constexpr std::size_t usual_answer = 256;

// What has been encoded, and how much of it has been taken away.
struct encoded_frames {
    std::string text;
    std::size_t taken = 0;

    void clear() noexcept
    {
        text.clear();
        taken = 0;
    }
    std::size_t bytes() const noexcept { return text.capacity(); }
};

// The stream below Beast: two buffers in memory. A read that finds nothing fails, and with it
// Beast's stream; so Beast is asked to read only when what it needs is there.
struct memory_layer {
    using executor_type = asio::any_io_executor;

    executor_type executor;
    std::string_view in;
    scratch<encoded_frames> out;
    std::string answer;  // to our own request, made up so that Beast takes the client's part

    executor_type get_executor() const noexcept { return executor; }

    template <class Buffers>
    std::size_t read_some(const Buffers& buffers, error_code& ec)
    {
        const std::size_t n = asio::buffer_copy(buffers, asio::buffer(in));
        in.remove_prefix(n);
        ec = n == 0 ? error_code(asio::error::would_block) : error_code{};
        return n;
    }

    template <class Buffers>
    std::size_t write_some(const Buffers& buffers, error_code& ec)
    {
        ec = {};
        std::size_t n = 0;
        for (auto at = asio::buffer_sequence_begin(buffers);
             at != asio::buffer_sequence_end(buffers); ++at) {
            const asio::const_buffer piece(*at);
            out.get().text.append(static_cast<const char*>(piece.data()), piece.size());
            n += piece.size();
        }
        return n;
    }

    // Beast asks for these two as well; it calls them only in operations that throw.
    template <class Buffers>
    std::size_t read_some(const Buffers& buffers)
    {
        error_code ec;
        const auto n = read_some(buffers, ec);
        if (ec)
            throw boost::system::system_error(ec);
        return n;
    }

    template <class Buffers>
    std::size_t write_some(const Buffers& buffers)
    {
        error_code ec;
        return write_some(buffers, ec);
    }
};

// Beast looks for this one; there is no socket to shut down here.
void teardown(beast::role_type, memory_layer&, error_code& ec)
{
    ec = {};
}

beast::string_view beast_view(std::string_view s)
{
    return {s.data(), s.size()};
}

// Not more than fits in a close frame, cut between two characters.
std::string_view cut_reason(std::string_view reason)
{
    constexpr std::size_t limit = max_control_payload - 2;
    if (reason.size() <= limit)
        return reason;
    std::size_t end = limit;
    while (end > 0 && (static_cast<unsigned char>(reason[end]) & 0xc0U) == 0x80)
        --end;
    return reason.substr(0, end);
}

beast::websocket::ping_data ping_data(std::string_view payload)
{
    return {payload.data(), payload.size()};
}

// What Beast is told about a request that has been read and checked. Made once: only the key
// differs.
http::request<http::empty_body>& request_with(std::string_view key)
{
    static thread_local auto request = [] {
        http::request<http::empty_body> r(http::verb::get, "/", 11);
        r.set(http::field::host, "localhost");
        r.set(http::field::connection, "upgrade");
        r.set(http::field::upgrade, "websocket");
        r.set(http::field::sec_websocket_version, "13");
        return r;
    }();
    request.set(http::field::sec_websocket_key, beast_view(key));
    return request;
}

std::string take_all(scratch<encoded_frames>& out)
{
    std::string all = out.get().text;
    out.give_back();
    return all;
}

bool may_be_sent(std::uint16_t code)
{
    return code >= 1000 && code != 1005 && code != 1006;
}

}  // namespace

struct websocket_codec::state {
    explicit state(const asio::any_io_executor& executor) : ws(memory_layer{executor, {}, {}, {}})
    {
    }

    // Without compression: it is never offered and never accepted (reliability.md S16).
    beast::websocket::stream<memory_layer, false> ws;
    bool client = false;
};

websocket_codec::websocket_codec(const asio::any_io_executor& executor, const stream_limits& limits)
    : state_(std::make_unique<state>(executor))
{
    auto& ws = state_->ws;
    ws.read_message_max(limits.message_bytes);
    ws.auto_fragment(false);
}

websocket_codec::websocket_codec(websocket_codec&&) noexcept = default;
websocket_codec& websocket_codec::operator=(websocket_codec&&) noexcept = default;
websocket_codec::~websocket_codec() = default;

websocket_codec::client_request
websocket_codec::open_client(std::string_view host, std::string_view target,
                             const std::vector<http_header>& headers)
{
    auto& ws = state_->ws;
    auto& layer = ws.next_layer();
    client_request result;
    ws.set_option(beast::websocket::stream_base::decorator([&](auto& message) {
        message.set(http::field::user_agent, "aiflow");
        for (const auto& h : headers)
            message.erase(beast_view(h.name));
        for (const auto& h : headers)
            message.insert(beast_view(h.name), beast_view(h.value));
        result.key = std_view(message[http::field::sec_websocket_key]);
        layer.answer = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                       "Connection: upgrade\r\nSec-WebSocket-Accept: " +
                       accept_for(result.key) + "\r\n\r\n";
        layer.in = layer.answer;
    }));
    ws.handshake(beast_view(host), beast_view(target));
    ws.set_option(beast::websocket::stream_base::decorator([](auto&) {}));
    state_->client = true;
    result.text = take_all(layer.out);
    layer.answer = {};
    return result;
}

std::string websocket_codec::open_server(std::string_view key,
                                         const std::vector<http_header>& headers)
{
    auto& ws = state_->ws;
    ws.set_option(beast::websocket::stream_base::decorator([&](auto& message) {
        message.set(http::field::server, "aiflow");
        for (const auto& h : headers)
            message.insert(beast_view(h.name), beast_view(h.value));
    }));
    ws.next_layer().out.get().text.reserve(usual_answer);
    ws.accept(request_with(key));
    ws.set_option(beast::websocket::stream_base::decorator([](auto&) {}));
    return take_all(ws.next_layer().out);
}

bool websocket_codec::is_client() const noexcept
{
    return state_->client;
}

std::string_view websocket_codec::output() const noexcept
{
    const auto& out = state_->ws.next_layer().out;
    return out.held() ? std::string_view(out->text).substr(out->taken) : std::string_view();
}

void websocket_codec::consume(std::size_t n) noexcept
{
    auto& out = state_->ws.next_layer().out;
    if (n == output().size())
        out.give_back();
    else
        out->taken += n;
}

std::size_t websocket_codec::encoded() const noexcept
{
    const auto& out = state_->ws.next_layer().out;
    return out.held() ? out->text.size() : 0;
}

void websocket_codec::text(std::string_view message)
{
    error_code ec;
    state_->ws.text(true);
    state_->ws.write(asio::buffer(message), ec);
}

void websocket_codec::ping(std::string_view payload)
{
    error_code ec;
    state_->ws.ping(ping_data(payload), ec);
}

void websocket_codec::pong(std::string_view payload)
{
    error_code ec;
    state_->ws.pong(ping_data(payload), ec);
}

void websocket_codec::close(std::uint16_t code, std::string_view reason)
{
    beast::websocket::close_reason cr;
    if (may_be_sent(code)) {
        cr.code = code;
        const auto cut = cut_reason(reason);
        cr.reason.assign(cut.data(), cut.size());
    }
    // Beast goes on to read the peer's answer and finds nothing: the frame is in the output by
    // then.
    error_code ec;
    state_->ws.close(cr, ec);
}

bool websocket_codec::decode(std::string_view frames, std::size_t payload, std::string& into)
{
    state_->ws.next_layer().in = frames;
    std::size_t at = into.size();
    into.resize(at + payload);
    error_code ec;
    // Beast stops at the end of each message. Of an empty one it reads the end, too.
    do {
        const auto room = asio::buffer(into.data() + at, into.size() - at);
        at += state_->ws.read_some(room, ec);
    } while (!ec && at != into.size());
    into.resize(at);
    return !ec;
}

codec_end websocket_codec::decode_close(std::string_view frame)
{
    state_->ws.next_layer().in = frame;
    char unused = 0;
    error_code ec;
    state_->ws.read_some(asio::buffer(&unused, 1), ec);
    if (ec != beast::websocket::error::closed)
        return {make_error_code(errc::protocol_violation), 0, {}};
    const auto& cr = state_->ws.reason();
    return {make_error_code(errc::closed_by_peer), cr.code,
            std::string(cr.reason.data(), cr.reason.size())};
}

}  // namespace aiflow

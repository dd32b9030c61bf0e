#include "listener_rig.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>

#include <stdexcept>
#include <utility>

namespace aiflow::test {

namespace {

asio::awaitable<void> say_after(scripted_handler& h, std::string what)
{
    if (!what.starts_with("end"))
        co_await h.say("after " + what);
}

asio::awaitable<bool> write(message_stream& stream, std::string text)
{
    const outgoing_message m{outgoing_message::text, text};
    const auto result = co_await stream.write({&m, 1});
    co_return !result.error;
}

asio::awaitable<bool> read_texts(message_stream& stream, std::deque<std::string>& into)
{
    auto batch = co_await stream.read();
    if (!batch)
        into.push_back("end " + std::to_string(stream.end().close_code));
    else
        for (const auto& m : *batch)
            if (m.kind == incoming_message::text)
                into.emplace_back(m.data);
    co_return true;
}

}  // namespace

listener_rig::listener_rig(listener_options o) : tls(!o.certificate_file.empty())
{
    if (!o.descriptor)
        o.port = 0;
    if (o.tokens.empty())
        o.tokens = {secret("s3cret")};
    o.time = &net.time;
    o.seed = 7;
    o.log = logger(
        [this](const log_record& r) {
            log.push_back(std::string(r.id) + ": " + std::string(r.text));
            for (const auto& f : r.fields)
                log.back() += " " + std::string(f.name) + "=" + f.value;
        },
        log_level::debug);
    bot->on_event = say_after;
    service.emplace(net.io, std::move(o));
    service->serve(make_handler_factory<scripted_handler>(bot));
    service->open().value();
    service->async_run(asio::bind_cancellation_slot(
        cancel.slot(), [this](std::exception_ptr thrown, error_code ec) {
            if (thrown)
                std::rethrow_exception(thrown);
            finished = ec;
        }));
}

listener_rig::~listener_rig()
{
    service->abort();
    net.until([this] { return finished.has_value(); });
}

raw_peer listener_rig::knock()
{
    asio::ip::tcp::socket socket(net.io);
    socket.connect({asio::ip::address_v4::loopback(), service->port()});
    return {net, std::move(socket)};
}

std::string listener_rig::answer_to(std::string_view request)
{
    auto peer = knock();
    peer.send(request);
    if (!peer.receives("\r\n\r\n"))
        return {};
    return peer.received().substr(0, peer.received().find("\r\n"));
}

dial_result listener_rig::dial_in(std::string token, std::vector<http_header> headers,
                                  std::string ca_file)
{
    dial_options o;
    o.url = (tls ? "wss://localhost:" : "ws://127.0.0.1:") + std::to_string(service->port()) +
            "/ws?from=test";
    o.token = secret(token);
    o.headers = std::move(headers);
    o.ca_file = std::move(ca_file);
    return net.run(dial(net.time, o));
}

void listener_rig::send(message_stream& stream, std::string text)
{
    if (!net.run(write(stream, std::move(text))))
        throw std::runtime_error("a message could not be written");
}

std::string listener_rig::next(message_stream& stream)
{
    auto& waiting = arrived_[&stream];
    while (waiting.empty())
        net.run(read_texts(stream, waiting));
    auto text = std::move(waiting.front());
    waiting.pop_front();
    return text;
}

void listener_rig::pass(clock::duration span)
{
    settle(net.io);  // whoever begins to wait now does so before time passes
    net.time.advance(span);
    settle(net.io);
}

std::size_t listener_rig::logged(std::string_view id) const
{
    std::size_t n = 0;
    for (const auto& line : log)
        n += line.starts_with(id) ? 1 : 0;
    return n;
}

std::string upgrade_to(std::string_view path, std::string_view headers)
{
    return "GET " + std::string(path) +
           " HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
           "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n" +
           std::string(headers) + "\r\n";
}

std::string post(std::string_view path, std::string_view body, std::string_view headers)
{
    return "POST " + std::string(path) +
           " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n" + std::string(headers) + "\r\n" + std::string(body);
}

std::string spoken(const std::string& message)
{
    return std::get<speak>(nth({message}, "speak").action).text;
}

}  // namespace aiflow::test

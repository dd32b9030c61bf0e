// What comes over a connection: the handshake in both roles, answers to our requests, and frames.
// However the bytes are cut, they mean the same; what is let in has what it must have.
//
// Input: a line, then the bytes. The line begins with what they are (see below); the rest of it are
// the sizes of the pieces, one byte each.
#include "fuzz_frames.hpp"
#include "fuzz_input.hpp"
#include "session/access.hpp"
#include "transport/http_answer.hpp"
#include "transport/http_answer_reader.hpp"
#include "transport/http_request_reader.hpp"
#include "transport/websocket_codec.hpp"
#include "transport/websocket_header.hpp"
#include "transport/websocket_upgrade.hpp"

#include <boost/asio/io_context.hpp>

#include <algorithm>

using namespace aiflow;
using aiflow::test::fuzz_input;
using aiflow::test::in_pieces;
using aiflow::test::require;

namespace {

using pieces_type = std::vector<std::string_view>;

constexpr stream_limits small{.message_bytes = 200, .message_fragments = 4, .header_bytes = 2000};
constexpr std::string_view token = "s3cret";
constexpr std::string_view key = "dGhlIHNhbXBsZSBub25jZQ==";

struct asked {
    std::vector<http_request> requests;
    http_refusal refusal;
};

// As a listener reads: one request after the other.
asked read_requests(const pieces_type& pieces)
{
    http_request_reader reader(small);
    asked result;
    for (const auto piece : pieces) {
        auto now = reader.feed(piece);
        while (now == http_request_reader::progress::complete) {
            result.requests.push_back(reader.request());
            now = reader.next();
        }
        if (now == http_request_reader::progress::refused) {
            result.refusal = reader.refusal();
            break;
        }
    }
    return result;
}

bool same(const http_request& a, const http_request& b)
{
    const auto equal = [](const http_header& x, const http_header& y) {
        return x.name == y.name && x.value == y.value;
    };
    return a.method == b.method && a.target == b.target && a.body == b.body &&
           a.newest == b.newest && a.keep_alive == b.keep_alive &&
           std::equal(a.headers.begin(), a.headers.end(), b.headers.begin(), b.headers.end(),
                      equal);
}

// What an upgrade that is let in gets is what our client takes.
void check_upgraded(const http_request& r)
{
    asio::io_context io;
    websocket_codec server(io.get_executor(), small);
    const auto answer = server.open_server(r.value("Sec-WebSocket-Key"), {});
    require(!check_answer(answer, r.value("Sec-WebSocket-Key"), {}), "a 101 is accepted", answer);
}

void check_request(const http_request& r)
{
    require(r.count("Host") <= 1 && (r.count("Host") == 1 || !r.newest), "one Host");
    require(r.body.size() <= small.message_bytes, "no body is larger than its limit");
    require(r.target.starts_with('/'), "the target is a path", r.target);
    for (const auto& h : r.headers)
        require(h.value.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos,
                "no value holds the end of a line", h.value);

    static const access_rules rules{
        "/ws", "/events", "/healthz", {secret(std::string(token))}, {"https://page"}};
    const auto d = decide(r, rules);
    require((d.kind == access_decision::refused) == (d.status != 0), "a refusal has a status");
    if (d.kind != access_decision::websocket && d.kind != access_decision::event)
        return;
    require(r.count("X-API-TOKEN") == 1 && r.value("X-API-TOKEN") == token, "S6: the token");
    require(r.count("Origin") == 0 || r.value("Origin") == "https://page", "S9: the origin");
    if (d.kind == access_decision::websocket && check_upgrade(r).status == 0)
        check_upgraded(r);
}

void fuzz_requests(std::string_view bytes, std::string_view sizes)
{
    const auto whole = read_requests({bytes});
    const auto cut = read_requests(in_pieces(bytes, sizes));
    require((whole.refusal.status == 0) == (cut.refusal.status == 0) &&
                std::equal(whole.requests.begin(), whole.requests.end(), cut.requests.begin(),
                           cut.requests.end(), same),
            "cuts do not change the requests", whole.refusal.detail + "/" + cut.refusal.detail);
    for (const auto& r : whole.requests)
        check_request(r);
    if (whole.refusal.status == 0)
        return;
    const auto status = whole.refusal.status;
    require(status >= 400 && status <= 501 && !whole.refusal.detail.empty(), "a refusal says why");
    http_answer_reader reader({});
    require(reader.feed(to_text({status})) == http_answer_reader::progress::complete &&
                reader.answer().status == status,
            "our refusals are HTTP");
}

struct answered {
    http_answer_reader::progress progress = http_answer_reader::progress::more;
    received_answer answer;
};

answered read_answer(const pieces_type& pieces)
{
    http_answer_reader reader({.header_bytes = 1000, .body_bytes = 200});
    answered result;
    for (const auto piece : pieces) {
        result.progress = reader.feed(piece);
        if (result.progress != http_answer_reader::progress::more)
            break;
    }
    if (result.progress == http_answer_reader::progress::more)
        result.progress = reader.end();
    if (result.progress == http_answer_reader::progress::complete)
        result.answer = reader.answer();
    return result;
}

void fuzz_answer(std::string_view bytes, std::string_view sizes)
{
    const auto whole = read_answer({bytes});
    const auto cut = read_answer(in_pieces(bytes, sizes));
    require(whole.progress != http_answer_reader::progress::more, "an end is an end");
    // What is no answer may be seen at once, or only when its end is missing.
    const auto complete = http_answer_reader::progress::complete;
    require((whole.progress == complete) == (cut.progress == complete) &&
                whole.answer.status == cut.answer.status && whole.answer.body == cut.answer.body,
            "cuts do not change the answer");
    require(whole.answer.body.size() <= 200, "no body is larger than its limit");
}

// The answer to an upgrade that we asked for.
void fuzz_upgrade(std::string_view bytes)
{
    const auto now = clock::wall_time(std::chrono::hours(24 * 365 * 57));
    const auto size = header_size(bytes);
    if (!may_be_answer(bytes) || size == 0)
        return;
    const auto wrong = check_answer(bytes.substr(0, size), key, now);
    if (!wrong) {
        require(bytes.starts_with("HTTP/1.1 101"), "only a 101 accepts");
        require(bytes.find("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=") < size, "S18: Sec-WebSocket-Accept");
        return;
    }
    require(static_cast<bool>(wrong->error), "a refusal has an error");
    require(!wrong->retry_after ||
                (wrong->retry_after->count() >= 1 && wrong->retry_after->count() <= 300),
            "Retry-After is held to its range");
    const auto shown = to_string(*wrong);
    require(std::all_of(shown.begin(), shown.end(),
                        [](char c) { return static_cast<unsigned char>(c) >= ' '; }),
            "S20: what is logged holds no control characters", shown);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    fuzz_input in(data, size);
    auto sizes = in.line();
    const char kind = sizes.empty() ? '\0' : sizes.front();
    sizes.remove_prefix(std::min<std::size_t>(sizes.size(), 1));
    switch (kind) {
    case 'q':
        fuzz_requests(in.rest(), sizes);
        break;
    case 'a':
        fuzz_answer(in.rest(), sizes);
        break;
    case 'u':
        fuzz_upgrade(in.rest());
        break;
    case 's':
    case 'c':
        aiflow::test::fuzz_frames(in.rest(), sizes, kind == 's');
        break;
    default:
        break;
    }
    return 0;
}

#include "fuzz_frames.hpp"

#include "fuzz_input.hpp"
#include "protocol/utf8.hpp"
#include "transport/frame_reader.hpp"
#include "transport/websocket_codec.hpp"

#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <string>

namespace aiflow::test {

namespace {

// Small, so that a small input reaches them.
constexpr stream_limits limits{.message_bytes = 300, .message_fragments = 4};

constexpr std::string_view client_key = "dGhlIHNhbXBsZSBub25jZQ==";

struct message {
    incoming_message::kind_type kind;
    std::string data;

    bool operator==(const message&) const = default;
};

struct reading {
    std::vector<message> messages;
    codec_end end;
    std::string output;
};

websocket_codec& opened(websocket_codec& codec, bool as_server)
{
    if (as_server)
        codec.open_server(client_key, {});
    else
        codec.open_client("localhost", "/", {});
    return codec;
}

reading read(const std::vector<std::string_view>& pieces, bool as_server)
{
    asio::io_context io;
    websocket_codec codec(io.get_executor(), limits);
    frame_reader reader(opened(codec, as_server), limits);
    reading result;
    for (const auto piece : pieces) {
        reader.next_batch();
        reader.feed(piece);
        for (const auto& m : reader.messages())
            result.messages.push_back({m.kind, std::string(m.data)});
    }
    if (reader.end())
        result.end = *reader.end();
    result.output = codec.output();
    return result;
}

void check_messages(const reading& r)
{
    for (const auto& m : r.messages) {
        const auto limit =
            m.kind == incoming_message::pong ? max_control_payload : limits.message_bytes;
        require(m.data.size() <= limit, "no message is larger than its limit");
        require(m.kind != incoming_message::text || count_code_points(m.data).has_value(),
                "a text is UTF-8", m.data);
    }
}

// What one side writes, the other one reads.
void check_there_and_back(const reading& r, bool as_server)
{
    asio::io_context io;
    websocket_codec writer(io.get_executor(), limits);
    opened(writer, as_server);
    std::vector<message> sent;
    for (const auto& m : r.messages) {
        if (m.kind == incoming_message::binary)
            continue;
        if (m.kind == incoming_message::text)
            writer.text(m.data);
        else
            writer.pong(m.data);
        sent.push_back(m);
    }
    const auto back = read({writer.output()}, !as_server);
    require(back.messages == sent && !back.end.error, "what is written is read by the other side");
}

}  // namespace

std::vector<std::string_view> in_pieces(std::string_view bytes, std::string_view sizes)
{
    std::vector<std::string_view> pieces;
    for (std::size_t i = 0; !bytes.empty(); ++i) {
        const auto size =
            sizes.empty()
                ? bytes.size()
                : std::max<std::size_t>(static_cast<unsigned char>(sizes[i % sizes.size()]), 1);
        pieces.push_back(bytes.substr(0, size));
        bytes.remove_prefix(pieces.back().size());
    }
    return pieces;
}

void fuzz_frames(std::string_view bytes, std::string_view sizes, bool as_server)
{
    const auto whole = read({bytes}, as_server);
    const auto pieces = read(in_pieces(bytes, sizes), as_server);
    require(whole.messages == pieces.messages, "cuts do not change the messages");
    require(whole.end.error == pieces.end.error && whole.end.close_code == pieces.end.close_code &&
                whole.end.close_reason == pieces.end.close_reason,
            "cuts do not change the end", whole.end.error.message() + pieces.end.error.message());
    // A client's masks are drawn anew.
    require(as_server ? whole.output == pieces.output : whole.output.size() == pieces.output.size(),
            "cuts do not change what is answered");
    check_messages(whole);
    check_there_and_back(whole, as_server);
}

}  // namespace aiflow::test

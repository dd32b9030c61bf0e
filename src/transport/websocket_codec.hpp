#pragma once

#include "aiflow/websocket.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace aiflow {

/// How a peer's close frame, or what it did wrong, ended the reading.
struct codec_end {
    error_code error;
    std::uint16_t close_code = 0;
    std::string close_reason;
};

/// Beast's WebSocket as a codec between memory and memory: bytes in, bytes out, no I/O.
///
/// It is opened in memory as well: the request or answer of the handshake is handed out as text,
/// and whoever moves the bytes sends it and checks what the peer answers.
///
/// Thread safety: none.
class websocket_codec {
public:
    /// For frames to a client, after `open_server`; to a server, after `open_client`.
    websocket_codec(const asio::any_io_executor& executor, const stream_limits& limits);
    websocket_codec(websocket_codec&&) noexcept;
    websocket_codec& operator=(websocket_codec&&) noexcept;
    ~websocket_codec();

    struct client_request {
        std::string text;
        std::string key;  ///< of which the answer has to hold the digest
    };

    /// Takes the client's part. The request is complete, `headers` included.
    client_request open_client(std::string_view host, std::string_view target,
                               const std::vector<http_header>& headers);

    /// Takes the server's part, towards a client that sent `key`. The answer is complete.
    std::string open_server(std::string_view key, const std::vector<http_header>& headers);

    bool is_client() const noexcept;

    /// What has to go to the peer. Valid until the next change.
    std::string_view output() const noexcept;

    /// So many bytes of it have been sent.
    void consume(std::size_t n) noexcept;

    /// How much has been encoded since there was nothing to be sent, with what has been sent of it.
    std::size_t encoded() const noexcept;

    void text(std::string_view message);
    void ping(std::string_view payload);
    void pong(std::string_view payload);

    /// Appends a close frame; nothing may be written after it. A reason that is too long is cut.
    void close(std::uint16_t code, std::string_view reason);

    /// Appends the `payload` bytes that are in `frames` to `into`: of whole messages, or of a piece
    /// of one, which starts or goes on in the middle of a frame, and holds a byte of payload or
    /// the end of the message.
    /// False: a text is not UTF-8; what comes before it has been appended, perhaps a part of it,
    /// too, but not all; the close frame is in the output.
    bool decode(std::string_view frames, std::size_t payload, std::string& into);

    /// Takes a whole close frame of the peer. The answer to it is in the output.
    codec_end decode_close(std::string_view frame);

private:
    struct state;

    std::unique_ptr<state> state_;
};

}  // namespace aiflow

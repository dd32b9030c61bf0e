#pragma once

#include "aiflow/message_stream.hpp"
#include "aiflow/websocket.hpp"
#include "transport/byte_link.hpp"
#include "transport/frame_reader.hpp"
#include "transport/websocket_codec.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/container/small_vector.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

namespace aiflow {

/// The open WebSocket: moves bytes between the link and the codec.
///
/// Whoever finds output sends it. One coroutine at a time waits for the kernel to take more; it
/// then sends everything that has gathered, so frames never mix.
///
/// Thread safety, lifetime, errors: as `message_stream`, whose operations these are.
class websocket_stream : public std::enable_shared_from_this<websocket_stream> {
public:
    /// `early`: what came right behind the handshake.
    websocket_stream(byte_link link, websocket_codec codec, const stream_limits& limits,
                     clock& time, std::string_view early);

    asio::any_io_executor get_executor() { return link_.get_executor(); }

    asio::awaitable<boost::system::result<std::span<const incoming_message>>> read();
    bool release_messages();
    std::optional<write_result> begin_write(std::span<const outgoing_message> batch);
    asio::awaitable<write_result> finish_write();
    void interrupt();
    asio::awaitable<void> close(std::uint16_t code, std::string_view reason,
                                clock::time_point deadline);
    void abort() noexcept;
    stream_end end() const;
    stream_activity activity() const noexcept { return link_.activity(); }
    std::uint64_t bytes_under_way() noexcept { return link_.bytes_under_way(); }

private:
    bool has_output() const noexcept { return !codec_.output().empty() || link_.unsent(); }
    void take_input(std::string_view bytes, error_code ec);
    void feed(std::string_view bytes);
    void hold_close_frame();
    void end_with(error_code ec);
    void encode(const outgoing_message& m);
    void send_some();
    void send_in_background();
    void encode_part();
    asio::awaitable<void> send_rest();
    asio::awaitable<void> send_output(bool in_background);
    asio::awaitable<error_code> part(std::uint16_t code, std::string_view reason);
    write_result result();

    byte_link link_;
    websocket_codec codec_;
    frame_reader reader_;
    clock& time_;
    asio::steady_timer sent_all_;  // cancelled when whoever sends is done

    std::uint64_t sent_ = 0;  // since the beginning
    std::span<const outgoing_message> batch_;
    // Of the encoded messages of the batch, in that count; most are sent one at a time.
    boost::container::small_vector<std::uint64_t, 1> starts_;
    bool sending_ = false;
    bool interrupted_ = false;
    bool handed_out_ = false;  // the messages that the reader holds
    error_code write_error_;

    stream_end end_;  // its error is why reading has ended
};

/// The stream as its owner holds it. Going away, it drops the connection.
std::unique_ptr<message_stream> make_message_stream(std::shared_ptr<websocket_stream> stream);

}  // namespace aiflow

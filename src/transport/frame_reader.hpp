#pragma once

#include "aiflow/message_stream.hpp"
#include "aiflow/websocket.hpp"
#include "transport/frame_scanner.hpp"
#include "transport/scratch.hpp"
#include "transport/websocket_codec.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace aiflow {

/// Turns the bytes of a connection into messages, in whatever pieces they come.
///
/// What is not whole yet is kept; between two messages that is nothing, so an idle connection
/// holds no buffer. Pings are answered into the codec's output; pongs become messages.
///
/// Thread safety: none. No I/O.
/// Lifetime: the codec must outlive it.
class frame_reader {
public:
    frame_reader(websocket_codec& codec, const stream_limits& limits);

    /// Forgets the messages handed out and the memory that they took.
    void next_batch();

    /// Takes bytes as they came. Does nothing after an end.
    void feed(std::string_view bytes);

    bool has_messages() const noexcept { return read_.held() && !read_->found.empty(); }

    /// Everything whole since `next_batch`, in order. Valid until `next_batch` or `feed`.
    std::span<const incoming_message> messages();

    /// From here on only the peer's close frame is of interest: ours is out.
    void expect_only_close() noexcept { only_close_ = true; }

    /// How the peer ended it, or what it did wrong: then a close frame is in the output.
    const std::optional<codec_end>& end() const noexcept { return end_; }

    /// The answer to a ping that came while much was waiting to be sent. RFC 6455 5.5.3: the
    /// newest ping is enough.
    void pay_owed_pong();

private:
    struct place {
        incoming_message::kind_type kind;
        std::size_t begin;
        std::size_t size;
    };

    /// What was read, until the messages in it have been seen and none is left that is not whole.
    struct content {
        std::string payloads;  ///< of the data in `found`, then of the message being read
        std::string pongs;     ///< theirs, apart: many can come in the middle of a large message
        std::vector<place> found;
        std::vector<incoming_message> messages;

        void clear() noexcept;
        std::size_t bytes() const noexcept;
    };

    std::size_t take_payload(std::string_view bytes);
    std::size_t take_frame(std::string_view bytes);
    std::size_t take_data(std::string_view bytes);
    void take_control(std::string_view frame);
    bool is_whole_message(std::string_view bytes) const noexcept;
    std::size_t take_message(std::string_view bytes);
    void read_run();
    void pass_on(std::string_view piece, std::size_t payload);
    void finish_frame();
    void take_close(std::string_view frame, std::string payload);
    void fail(errc why, std::uint16_t close_code);

    websocket_codec& codec_;
    frame_scanner scanner_;
    frame_header frame_;              // the one that is being read
    std::uint64_t payload_left_ = 0;  // of it, when it is a data frame
    bool text_ = false;               // the message that is being read is a text
    std::string partial_;             // a header or a control frame, not whole yet
    std::string ahead_;               // whole headers of which Beast cannot read on yet
    std::string_view run_;            // whole messages that Beast has not been given yet
    scratch<content> read_;
    std::size_t message_begin_ = 0;  // in its payloads, of the message being read
    std::optional<std::string> owed_pong_;
    std::optional<codec_end> end_;
    bool only_close_ = false;
};

}  // namespace aiflow

#pragma once

#include "aiflow/action.hpp"
#include "aiflow/codec.hpp"
#include "aiflow/message_stream.hpp"
#include "sms/sms_sender.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace aiflow {

/// Messages that wait for the writer, encoded behind one another in one buffer that is reused.
class outgoing_queue {
public:
    struct message {
        std::size_t end;     ///< where it ends in the buffer
        std::uint64_t tail;  ///< of the session's id: tells nearly all sessions apart
        std::optional<sms_attempt_key> sms;
    };

    bool empty() const noexcept { return messages_.empty(); }
    std::size_t size() const noexcept { return messages_.size(); }
    bool holds_sms() const noexcept { return holds_sms_; }
    std::size_t bytes() const noexcept { return buffer_.size(); }
    const std::vector<message>& messages() const noexcept { return messages_; }

    /// One message each, or one array.
    void add(std::string_view session_id, std::span<const action> actions, bool as_array);
    void add(std::string_view session_id, const sms_attempt_key& key, send_sms frame);

    /// The messages, and behind them `ping` if there is one. Valid until the next change.
    std::span<const outgoing_message> batch(std::optional<std::string_view> ping);

    /// Forgets the messages of that session; gives back the attempts among them. Costs little if
    /// there are none: sessions end all the time while others have something to say.
    std::vector<sms_attempt_key> drop(std::string_view session_id);

    void clear();

private:
    void close_message(std::string_view session_id, std::optional<sms_attempt_key> sms);

    std::string buffer_;
    std::vector<message> messages_;
    std::vector<outgoing_message> batch_;
    bool holds_sms_ = false;
};

}  // namespace aiflow

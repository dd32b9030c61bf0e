#pragma once

#include "aiflow/action.hpp"
#include "aiflow/codec.hpp"
#include "aiflow/message_stream.hpp"
#include "sms/sms_sender.hpp"
#include "transport/scratch.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace aiflow {

/// Messages that wait for the writer, encoded behind one another in one buffer.
class outgoing_queue {
public:
    struct message {
        std::size_t end;     ///< where it ends in the buffer
        std::uint64_t tail;  ///< of the session's id: tells nearly all sessions apart
        std::optional<sms_attempt_key> sms;
    };

    bool empty() const noexcept { return messages().empty(); }
    std::size_t size() const noexcept { return messages().size(); }
    std::size_t bytes() const noexcept { return all_.held() ? all_->text.size() : 0; }
    std::span<const message> messages() const noexcept
    {
        return all_.held() ? std::span<const message>(all_->messages) : std::span<const message>();
    }

    bool holds_sms() const noexcept { return all_.held() && all_->holds_sms; }
    /// The attempts among the messages, in their order. Costs nothing if there are none.
    std::vector<sms_attempt_key> attempts() const;

    /// One message each, or one array.
    void add(std::string_view session_id, std::span<const action> actions, bool as_array);
    void add(std::string_view session_id, const sms_attempt_key& key, send_sms frame);

    /// The messages, and behind them `ping` if there is one. Valid until the next change.
    std::span<const outgoing_message> batch(std::optional<std::string_view> ping);

    /// Forgets the messages of that session; gives back the attempts among them. Costs little if
    /// there are none: sessions end all the time while others have something to say.
    std::vector<sms_attempt_key> drop(std::string_view session_id);

    void clear() noexcept { all_.give_back(); }

private:
    struct content {
        std::string text;
        std::vector<message> messages;
        std::vector<outgoing_message> batch;
        bool holds_sms = false;

        void clear() noexcept;
        std::size_t bytes() const noexcept;
        void close_message(std::string_view session_id, std::optional<sms_attempt_key> sms);
    };

    scratch<content> all_;
};

}  // namespace aiflow

#include "session/outgoing_queue.hpp"

#include "protocol/json_writer.hpp"

#include <utility>

namespace aiflow {

namespace {

// A bot that once sent an audio file should not hold its megabytes for the rest of the call.
constexpr std::size_t keep_bytes = std::size_t{64} * 1024;

// Holds what most bots say at a time, so that the buffer does not grow bit by bit.
constexpr std::size_t usual_bytes = 240;

}  // namespace

void outgoing_queue::add(std::string_view session_id, std::span<const action> actions,
                         bool as_array)
{
    buffer_.reserve(usual_bytes);
    if (as_array) {
        encode(buffer_, session_id, actions);
        messages_.push_back({buffer_.size(), std::nullopt});
        return;
    }
    for (const auto& a : actions) {
        encode(buffer_, session_id, a);
        messages_.push_back({buffer_.size(), std::nullopt});
    }
}

void outgoing_queue::add(std::string_view session_id, const sms_attempt_key& key, send_sms frame)
{
    buffer_.reserve(usual_bytes);
    encode(buffer_, session_id, action(std::move(frame)));
    messages_.push_back({buffer_.size(), key});
    holds_sms_ = true;
}

std::span<const outgoing_message> outgoing_queue::batch(std::optional<std::string_view> ping)
{
    batch_.clear();
    std::size_t begin = 0;
    for (const auto& m : messages_) {
        const auto text = std::string_view(buffer_).substr(begin, m.end - begin);
        batch_.push_back({outgoing_message::text, text});
        begin = m.end;
    }
    if (ping)
        batch_.push_back({outgoing_message::ping, *ping});
    return batch_;
}

std::vector<sms_attempt_key> outgoing_queue::drop(std::string_view session_id)
{
    // Inside a text its quotes would be escaped.
    std::string mark = "\"session_id\":";
    append_json_string(mark, session_id);
    std::vector<sms_attempt_key> dropped;
    outgoing_queue kept;
    std::size_t begin = 0;
    for (const auto& m : messages_) {
        const auto text = std::string_view(buffer_).substr(begin, m.end - begin);
        begin = m.end;
        if (text.find(mark) == std::string_view::npos) {
            kept.buffer_ += text;
            kept.messages_.push_back({kept.buffer_.size(), m.sms});
            kept.holds_sms_ = kept.holds_sms_ || m.sms;
        } else if (m.sms) {
            dropped.push_back(*m.sms);
        }
    }
    *this = std::move(kept);
    return dropped;
}

void outgoing_queue::clear()
{
    messages_.clear();
    holds_sms_ = false;
    buffer_.clear();
    if (buffer_.capacity() > keep_bytes)
        buffer_.shrink_to_fit();
}

}  // namespace aiflow

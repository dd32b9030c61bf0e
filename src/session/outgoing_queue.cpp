#include "session/outgoing_queue.hpp"

#include "protocol/json_writer.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace aiflow {

namespace {

// A bot that once sent an audio file should not hold its megabytes for the rest of the call.
constexpr std::size_t keep_bytes = std::size_t{64} * 1024;

// Holds what most bots say at a time, so that the buffer does not grow bit by bit.
constexpr std::size_t usual_bytes = 240;

std::uint64_t tail_of(std::string_view session_id)
{
    std::uint64_t tail = 0;
    const auto n = std::min(session_id.size(), sizeof tail);
    if (n > 0)
        std::memcpy(&tail, session_id.data() + session_id.size() - n, n);
    return tail;
}

}  // namespace

void outgoing_queue::add(std::string_view session_id, std::span<const action> actions,
                         bool as_array)
{
    buffer_.reserve(usual_bytes);
    if (as_array) {
        encode(buffer_, session_id, actions);
        return close_message(session_id, std::nullopt);
    }
    for (const auto& a : actions) {
        encode(buffer_, session_id, a);
        close_message(session_id, std::nullopt);
    }
}

void outgoing_queue::add(std::string_view session_id, const sms_attempt_key& key, send_sms frame)
{
    buffer_.reserve(usual_bytes);
    encode(buffer_, session_id, action(std::move(frame)));
    close_message(session_id, key);
    holds_sms_ = true;
}

void outgoing_queue::close_message(std::string_view session_id, std::optional<sms_attempt_key> sms)
{
    messages_.push_back({buffer_.size(), tail_of(session_id), sms});
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
    std::vector<sms_attempt_key> dropped;
    const auto tail = tail_of(session_id);
    if (std::none_of(messages_.begin(), messages_.end(),
                     [tail](const message& m) { return m.tail == tail; }))
        return dropped;
    // Inside a text its quotes would be escaped.
    std::string mark = "\"session_id\":";
    append_json_string(mark, session_id);
    outgoing_queue kept;
    std::size_t begin = 0;
    for (const auto& m : messages_) {
        const auto text = std::string_view(buffer_).substr(begin, m.end - begin);
        begin = m.end;
        if (m.tail != tail || text.find(mark) == std::string_view::npos) {
            kept.buffer_ += text;
            kept.messages_.push_back({kept.buffer_.size(), m.tail, m.sms});
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

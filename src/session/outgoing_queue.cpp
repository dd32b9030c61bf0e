#include "session/outgoing_queue.hpp"

#include "protocol/json_writer.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace aiflow {

namespace {

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
    auto& all = all_.get();
    all.text.reserve(usual_bytes);
    if (as_array) {
        encode(all.text, session_id, actions);
        return all.close_message(session_id, std::nullopt);
    }
    for (const auto& a : actions) {
        encode(all.text, session_id, a);
        all.close_message(session_id, std::nullopt);
    }
}

void outgoing_queue::add(std::string_view session_id, const sms_attempt_key& key, send_sms frame)
{
    auto& all = all_.get();
    all.text.reserve(usual_bytes);
    encode(all.text, session_id, action(std::move(frame)));
    all.close_message(session_id, key);
    all.holds_sms = true;
}

void outgoing_queue::content::close_message(std::string_view session_id,
                                            std::optional<sms_attempt_key> sms)
{
    messages.push_back({text.size(), tail_of(session_id), sms});
}

void outgoing_queue::content::clear() noexcept
{
    text.clear();
    messages.clear();
    batch.clear();
    holds_sms = false;
}

std::size_t outgoing_queue::content::bytes() const noexcept
{
    return text.capacity() + messages.capacity() * sizeof(message) +
           batch.capacity() * sizeof(outgoing_message);
}

std::span<const outgoing_message> outgoing_queue::batch(std::optional<std::string_view> ping)
{
    auto& all = all_.get();
    all.batch.clear();
    std::size_t begin = 0;
    for (const auto& m : all.messages) {
        const auto text = std::string_view(all.text).substr(begin, m.end - begin);
        all.batch.push_back({outgoing_message::text, text});
        begin = m.end;
    }
    if (ping)
        all.batch.push_back({outgoing_message::ping, *ping});
    return all.batch;
}

std::vector<sms_attempt_key> outgoing_queue::attempts() const
{
    std::vector<sms_attempt_key> found;
    if (!holds_sms())
        return found;
    for (const auto& m : messages())
        if (m.sms)
            found.push_back(*m.sms);
    return found;
}

std::vector<sms_attempt_key> outgoing_queue::drop(std::string_view session_id)
{
    std::vector<sms_attempt_key> dropped;
    const auto tail = tail_of(session_id);
    const auto all = messages();
    if (std::none_of(all.begin(), all.end(), [tail](const message& m) { return m.tail == tail; }))
        return dropped;
    // Inside a text its quotes would be escaped.
    std::string mark = "\"session_id\":";
    append_json_string(mark, session_id);
    scratch<content> others;
    auto& kept = others.get();
    std::size_t begin = 0;
    for (const auto& m : all) {
        const auto text = std::string_view(all_->text).substr(begin, m.end - begin);
        begin = m.end;
        if (m.tail != tail || text.find(mark) == std::string_view::npos) {
            kept.text += text;
            kept.messages.push_back({kept.text.size(), m.tail, m.sms});
            kept.holds_sms = kept.holds_sms || m.sms;
        } else if (m.sms) {
            dropped.push_back(*m.sms);
        }
    }
    std::swap(all_, others);
    others.give_back();
    return dropped;
}

}  // namespace aiflow

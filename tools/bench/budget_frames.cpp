#include "bench/budget_frames.hpp"

#include "aiflow/codec.hpp"

#include <stdexcept>
#include <utility>

namespace aiflow::bench {

namespace {

constexpr std::size_t event_bytes = 258;
constexpr std::string_view mask = "\x5a\x3c\xa7\x19";

session_info session_of(std::size_t call)
{
    session_info s;
    s.id = "550e8400-e29b-41d4-a716-" + std::to_string(100'000'000'000 + call);
    s.account_id = "account-123";
    s.phone_number = "1234567890";
    return s;
}

std::string json(session_info by, const event& what)
{
    incoming_event e;
    e.session = std::move(by);
    e.event = what;
    std::string text;
    encode(text, e);
    return text;
}

// `text` is a member of `what`: it grows until the event has its size.
template <class Event>
std::string of_size(std::size_t call, Event what)
{
    const auto bare = json(session_of(call), what);
    if (bare.size() > event_bytes)
        throw std::logic_error("the event is larger than it is to be");
    what.text.append(event_bytes - bare.size(), '.');
    return json(session_of(call), what);
}

}  // namespace

std::string budget_start(std::size_t call)
{
    auto by = session_of(call);
    by.direction = "inbound";
    by.from_phone_number = std::to_string(4'915'200'000'000 + call);
    by.to_phone_number = by.phone_number;
    return json(std::move(by), session_start{});
}

std::string budget_user_speak(std::size_t call)
{
    user_speak e;
    e.text = "Hello, I need help with my order, please.";
    return of_size(call, std::move(e));
}

std::string budget_assistant_speak(std::size_t call)
{
    assistant_speak e;
    e.text = "Thank you.";
    e.duration_ms = 1200;
    e.speech_started_at = 1'760'000'000'000;
    return of_size(call, std::move(e));
}

std::string budget_end(std::size_t call)
{
    return json(session_of(call), session_end{});
}

std::string budget_frame(unsigned char opcode, std::string_view payload, bool masked)
{
    const auto size = payload.size();
    if (size > 0xffff)
        throw std::logic_error("no such large frame is needed");
    std::string frame{static_cast<char>(0x80U | opcode)};
    const unsigned mask_bit = masked ? 0x80 : 0;
    if (size < 126) {
        frame += static_cast<char>(mask_bit | size);
    } else {
        frame += static_cast<char>(mask_bit | 126);
        frame += static_cast<char>(size >> 8U);
        frame += static_cast<char>(size & 0xffU);
    }
    if (!masked)
        return frame.append(payload);
    frame += mask;
    for (std::size_t i = 0; i < size; ++i)
        frame += static_cast<char>(payload[i] ^ mask[i % mask.size()]);
    return frame;
}

}  // namespace aiflow::bench

#include "bench/event_texts.hpp"

#include "aiflow/codec.hpp"
#include "bench/frames.hpp"

#include <array>
#include <charconv>
#include <stdexcept>

namespace aiflow::bench {

namespace {

constexpr std::size_t digits = 12;

std::string encoded(const event& e, std::size_t padding)
{
    incoming_event in;
    in.session.id = session_id_of(0);
    in.session.account_id = "account-123" + std::string(padding, '0');
    in.session.phone_number = "1234567890";
    in.event = e;
    std::string text;
    encode(text, in);
    return text;
}

}  // namespace

std::string session_id_of(std::uint64_t call)
{
    return "550e8400-e29b-41d4-a716-" + std::to_string(first_number + call);
}

std::string event_text(const event& e, std::size_t size)
{
    auto text = encoded(e, 0);
    if (size == 0 || text.size() == size)
        return text;
    if (text.size() > size)
        throw std::logic_error("an event is longer than it should be");
    return encoded(e, size - text.size());
}

std::string question_text()
{
    return event_text(user_speak{"Hello, I need help with my order from last week, please.", false},
                      event_bytes);
}

std::string short_question_text()
{
    return event_text(user_speak{"Hello?", false});
}

std::string session_start_text()
{
    incoming_event in;
    in.session.id = session_id_of(0);
    in.session.account_id = "account-123";
    in.session.phone_number = "1234567890";
    in.session.direction = "inbound";
    // As long as a number may be, so that each call has its own.
    in.session.from_phone_number = "491" + std::to_string(first_number);
    in.session.to_phone_number = "1234567890";
    in.event = session_start{};
    std::string text;
    encode(text, in);
    return text;
}

std::string session_end_text()
{
    return event_text(session_end{});
}

numbered_frame::numbered_frame(std::string_view text, bool masked) : masked_(masked)
{
    append_frame(frame_, opcode::text, text, masked);
    payload_ = frame_.size() - text.size();
    const auto number = std::to_string(first_number);
    for (auto at = text.find(number); at != std::string_view::npos; at = text.find(number, at + 1))
        places_.push_back(payload_ + at);
}

void numbered_frame::append_to(std::string& out, std::uint64_t call) const
{
    const auto begin = out.size();
    out.append(frame_);
    std::array<char, digits> number{};
    std::to_chars(number.data(), number.data() + number.size(), first_number + call);
    for (const auto place : places_) {
        for (std::size_t i = 0; i < digits; ++i) {
            const auto key = masked_ ? mask_key[(place - payload_ + i) & 3] : 0;
            out[begin + place + i] = static_cast<char>(number[i] ^ static_cast<char>(key));
        }
    }
}

}  // namespace aiflow::bench

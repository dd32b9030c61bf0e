// How states and ids are written.

#include "aiflow/log.hpp"
#include "aiflow/sms.hpp"

#include <algorithm>
#include <string>

namespace aiflow {

namespace {

constexpr std::string_view digits = "0123456789abcdefghijklmnopqrstuv";
constexpr std::size_t id_length = 13;  // 65 bits; the first digit is 0 to f

}  // namespace

std::string to_string(sms_id id)
{
    std::string text(id_length, '0');
    auto rest = id.value;
    for (auto c = text.rbegin(); c != text.rend(); ++c, rest >>= 5U)
        *c = digits[rest & 31U];
    return text;
}

std::optional<sms_id> sms_id_from(std::string_view text) noexcept
{
    if (text.size() != id_length || digits.find(text.front()) > 15)
        return std::nullopt;
    std::uint64_t value = 0;
    for (const char c : text) {
        const auto digit = digits.find(c);
        if (digit == std::string_view::npos)
            return std::nullopt;
        value = value << 5U | digit;
    }
    return sms_id{value};
}

std::string_view to_string(sms_state s) noexcept
{
    switch (s) {
    case sms_state::accepted:
        return "accepted";
    case sms_state::sending:
        return "sending";
    case sms_state::written:
        return "written";
    case sms_state::handed_off:
        return "handed_off";
    case sms_state::waiting_retry:
        return "waiting_retry";
    case sms_state::assumed_sent:
        return "assumed_sent";
    case sms_state::unobserved:
        return "unobserved";
    case sms_state::failed:
        return "failed";
    case sms_state::abandoned:
        return "abandoned";
    case sms_state::expired:
        return "expired";
    case sms_state::cancelled:
        return "cancelled";
    }
    return "";
}

bool is_final(sms_state s) noexcept
{
    switch (s) {
    case sms_state::assumed_sent:
    case sms_state::unobserved:
    case sms_state::failed:
    case sms_state::abandoned:
    case sms_state::expired:
    case sms_state::cancelled:
        return true;
    default:
        return false;
    }
}

bool sms_outcome::failed() const noexcept
{
    return is_final(state) && state != sms_state::assumed_sent && state != sms_state::unobserved;
}

std::string_view to_string(sms_match m) noexcept
{
    switch (m) {
    case sms_match::matched:
        return "matched";
    case sms_match::late:
        return "late";
    case sms_match::ambiguous:
        return "ambiguous";
    case sms_match::orphan:
        return "orphan";
    }
    return "";
}

std::string to_string(const sms_outcome& o)
{
    std::string text(to_string(o.state));
    std::replace(text.begin(), text.end(), '_', ' ');
    if (!o.reason_text.empty() && o.state != sms_state::assumed_sent)
        text += " (" + printable(o.reason_text, 64) + ")";
    text += " after " + std::to_string(o.attempts) + (o.attempts == 1 ? " attempt" : " attempts");
    if (o.handed_off)
        text += ", handed off";
    if (o.ambiguous)
        text += ", ambiguous";
    if (o.after_transfer)
        text += ", after a transfer";
    if (o.corrected)
        text += ", corrected";
    return text;
}

}  // namespace aiflow

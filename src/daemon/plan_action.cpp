#include "daemon/plan_action.hpp"

#include <algorithm>
#include <utility>

namespace aiflow {

namespace {

using std::chrono::milliseconds;

// A slow voice takes 80 ms for a character; some time passes until it begins.
constexpr milliseconds for_each_byte{100};
constexpr milliseconds until_it_begins{5'000};
constexpr milliseconds longest_wait{120'000};

// People say and write numbers with these; what else is no digit has to be an error.
std::string without_separators(std::string text)
{
    std::erase_if(
        text, [](char c) { return std::string_view(" -/.()").find(c) != std::string_view::npos; });
    return text;
}

std::string number_text(const rule_template& t, const placeholder_values& v)
{
    std::string text = t.expand(v);
    return t.constant() ? text : without_separators(std::move(text));
}

checked<phone_number> number_from(const rule_template& t, const placeholder_values& v,
                                  const char* field)
{
    const std::string text = number_text(t, v);
    if (text.empty() && !t.constant())
        return problem{errc::no_usable_number, field, "is empty: the number is not known"};
    auto parsed = phone_number::parse(text);
    if (!parsed)
        return problem{parsed.error().code, field, parsed.error().text};
    return parsed;
}

// Whoever withholds a number is to be put through all the same.
std::string shown_number(const transfer_action& t, const placeholder_values& v)
{
    if (t.caller_id_number) {
        std::string text = number_text(*t.caller_id_number, v);
        if (t.caller_id_number->constant() || phone_number::parse(text))
            return text;
    }
    if (v.session == nullptr)
        return {};
    // The service need not say which number of the account it is (protocol.md 2.1).
    const session_info& call = *v.session;
    const bool outbound = call.directed() == call_direction::outbound;
    const std::string& own = outbound ? call.from_phone_number : call.to_phone_number;
    return comparable_digits(call.phone_number.empty() ? own : call.phone_number);
}

struct planner {
    const placeholder_values& values;

    checked<planned_action> operator()(const say_action& a) const
    {
        speak frame = a.frame;
        std::string& words = a.ssml ? frame.ssml : frame.text;
        words = a.words.expand(values, a.ssml ? value_form::xml : value_form::plain);
        const auto lasts = longest_speech(words);
        return planned_action{std::move(frame), lasts};
    }

    checked<planned_action> operator()(const sms_action& a) const
    {
        auto to = number_from(a.to, values, "send_sms.phone_number");
        if (!to)
            return to.error();
        return planned_action{send_sms{*to, a.message.expand(values)}};
    }

    checked<planned_action> operator()(const transfer_action& a) const
    {
        auto target = number_from(a.target, values, "transfer.target");
        if (!target)
            return target.error();
        std::string shown = shown_number(a, values);
        if (shown.empty())
            shown = target->digits();
        std::string name = a.caller_id_name ? a.caller_id_name->expand(values) : std::string{};
        if (name.empty())
            name = shown;
        return planned_action{
            transfer{*target, std::move(name), std::move(shown), a.timeout_seconds}};
    }

    checked<planned_action> operator()(const model_action& a) const
    {
        configure_voice_to_voice frame = a.frame;
        frame.system_prompt = a.system_prompt.expand(values);
        frame.greeting = a.greeting.expand(values);
        return planned_action{std::move(frame)};
    }

    checked<planned_action> operator()(const fixed_action& a) const
    {
        return planned_action{a.frame, a.plays_for};
    }
};

}  // namespace

milliseconds longest_speech(std::string_view words) noexcept
{
    const auto bytes =
        std::min(words.size(), static_cast<std::size_t>(longest_wait / for_each_byte));
    return std::min(longest_wait, until_it_begins + for_each_byte * static_cast<int>(bytes));
}

milliseconds longest_playing(milliseconds length) noexcept
{
    return until_it_begins + length;
}

checked<planned_action> plan_action(const rule_action& a, const placeholder_values& v)
{
    auto planned = std::visit(planner{v}, a);
    // What has no words was checked when the file was read; audio is too long to do it again.
    if (planned && !std::holds_alternative<fixed_action>(a)) {
        if (auto wrong = validate(planned->frame))
            return std::move(*wrong);
    }
    return planned;
}

}  // namespace aiflow

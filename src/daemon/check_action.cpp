#include "daemon/check_action.hpp"

#include "daemon/plan_action.hpp"

#include <array>
#include <string_view>

namespace aiflow {

namespace {

// Where a member of an action stands in the file; by their beginnings.
constexpr std::array<std::array<std::string_view, 2>, 13> places{{
    {"speak.text", "say"},
    {"speak.ssml", "say_ssml"},
    {"speak.tts.language", "language"},
    {"speak.tts.voice", "voice"},
    {"speak.barge_in", "barge_in"},
    {"audio.barge_in", "barge_in"},
    {"send_sms.phone_number", "to"},
    {"send_sms.message", "send_sms"},
    {"transfer.target", "transfer"},
    {"transfer.caller_id_name", "caller_id_name"},
    {"transfer.caller_id_number", "caller_id_number"},
    {"configure_transcription.", "configure_transcription"},
    {"configure_voice_to_voice.", "configure_voice_to_voice"},
}};

std::string_view place_of(std::string_view field)
{
    for (const auto& [member, key] : places) {
        if (field.starts_with(member))
            return key;
    }
    return {};
}

// Stands in for what is known only when an event comes.
struct with_examples {
    static rule_template example_of(std::string_view value)
    {
        std::vector<std::string> none;
        return rule_template::parse(value, {}, none);
    }
    static rule_template number(const rule_template& t)
    {
        return t.constant() ? t : example_of("4915112345678");
    }
    static rule_template text(const rule_template& t) { return t.constant() ? t : example_of("x"); }

    void operator()(say_action& a) const { a.words = text(a.words); }
    void operator()(sms_action& a) const
    {
        a.to = number(a.to);
        a.message = text(a.message);
    }
    void operator()(transfer_action& a) const
    {
        a.target = number(a.target);
        if (a.caller_id_name)
            a.caller_id_name = text(*a.caller_id_name);
        a.caller_id_number =
            a.caller_id_number ? number(*a.caller_id_number) : example_of("4915112345678");
    }
    void operator()(model_action& a) const
    {
        a.system_prompt = text(a.system_prompt);
        a.greeting = text(a.greeting);
    }
    void operator()(fixed_action&) const {}
};

}  // namespace

std::optional<problem> check_action(const rule_action& a)
{
    std::optional<problem> wrong;
    if (const auto* fixed = std::get_if<fixed_action>(&a)) {
        wrong = validate(fixed->frame);
    } else {
        rule_action example = a;
        std::visit(with_examples{}, example);
        const auto planned = plan_action(example, {});
        if (!planned)
            wrong = planned.error();
    }
    if (wrong)
        wrong->field = place_of(wrong->field);
    return wrong;
}

}  // namespace aiflow

#include "daemon/rule_template.hpp"

#include "daemon/rule_events.hpp"
#include "text/toml_section.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace aiflow {

namespace {

constexpr std::string_view match_prefix = "match.";
constexpr std::size_t longest_name = 40;

bool looks_like_a_name(std::string_view text)
{
    return !text.empty() && text.size() <= longest_name &&
           text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "0123456789_.-") == std::string_view::npos;
}

void append_xml(std::string& out, std::string_view value)
{
    for (const char c : value) {
        switch (c) {
        case '&':
            out += "&amp;";
            break;
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        case '"':
            out += "&quot;";
            break;
        case '\'':
            out += "&apos;";
            break;
        default:
            // XML 1.0 has no way to write most control characters.
            out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
        }
    }
}

}  // namespace

struct rule_template::name {
    std::string_view text;
    kind what;
    std::optional<event_value> needs = {};
};

std::string rule_template::add_placeholder(std::string_view inside, const placeholder_scope& scope,
                                           std::vector<part>& parts)
{
    static constexpr std::array<name, 11> names{
        {{"session.id", kind::session_id},
         {"session.account_id", kind::account_id},
         {"session.phone_number", kind::phone_number},
         {"session.from_phone_number", kind::from_phone_number},
         {"session.to_phone_number", kind::to_phone_number},
         {"session.direction", kind::direction},
         {"caller", kind::caller},
         {"digit", kind::digit, event_value::digit},
         {"text", kind::text, event_value::text},
         {"sms.recipient", kind::sms_recipient, event_value::sms},
         {"sms.reason", kind::sms_reason, event_value::sms}}};

    if (!looks_like_a_name(inside))
        return "has a `{` that begins no placeholder; write `{{` for a brace";
    const std::string shown = "`{" + std::string(inside) + "}`";
    if (inside.starts_with(match_prefix)) {
        const auto number = inside.substr(match_prefix.size());
        if (number.size() != 1 || number[0] < '0' || number[0] > '9')
            return shown + " is no placeholder; groups are `{match.1}` to `{match.9}`, and "
                           "`{match.0}` is all that matched";
        const auto group = static_cast<unsigned>(number[0] - '0');
        if (!scope.has_pattern)
            return shown + " needs a `text` in this rule";
        if (group > scope.groups)
            return shown + " is beyond the groups of `text`, which has " +
                   std::to_string(scope.groups) + "; put what is meant into ( )";
        parts.push_back({kind::match, {}, group});
        return {};
    }
    const auto* found = std::find_if(names.begin(), names.end(),
                                     [&](const name& each) { return each.text == inside; });
    if (found == names.end()) {
        std::array<std::string_view, names.size() + 1> known{};
        std::transform(names.begin(), names.end(), known.begin(),
                       [](const name& each) { return each.text; });
        known.back() = "match.1";
        if (const auto near = nearest(inside, known))
            return shown + " is no placeholder; did you mean `{" + std::string(*near) + "}`?";
        return shown + " is no placeholder; known are " + list_of(known) + ", in braces";
    }
    if (found->needs) {
        const auto without =
            std::find_if(scope.events.begin(), scope.events.end(),
                         [&](const std::string& type) { return !has_value(type, *found->needs); });
        if (without != scope.events.end())
            return shown + " belongs to " + events_with(*found->needs) + "; `" + *without +
                   "` has none";
    }
    parts.push_back({found->what});
    return {};
}

rule_template rule_template::parse(std::string_view text, const placeholder_scope& scope,
                                   std::vector<std::string>& complaints)
{
    rule_template t;
    std::string literal;
    while (!text.empty()) {
        const auto brace = std::min(text.find('{'), text.size());
        literal += text.substr(0, brace);
        text.remove_prefix(brace);
        if (text.starts_with("{{")) {
            literal += '{';
            text.remove_prefix(2);
        } else if (!text.empty()) {
            const auto end = text.find('}');
            if (end == std::string_view::npos) {
                complaints.emplace_back("has a `{` without its `}`; write `{{` for a brace");
                break;
            }
            if (!literal.empty())
                t.parts_.push_back({kind::literal, std::exchange(literal, {})});
            if (auto wrong = add_placeholder(text.substr(1, end - 1), scope, t.parts_);
                !wrong.empty())
                complaints.push_back(std::move(wrong));
            text.remove_prefix(end + 1);
        }
    }
    if (!literal.empty())
        t.parts_.push_back({kind::literal, std::move(literal)});
    return t;
}

bool rule_template::constant() const noexcept
{
    return std::all_of(parts_.begin(), parts_.end(),
                       [](const part& p) { return p.what == kind::literal; });
}

std::string_view rule_template::value(const part& p, const placeholder_values& v)
{
    switch (p.what) {
    case kind::literal:
        return p.literal;
    case kind::session_id:
        return v.session->id;
    case kind::account_id:
        return v.session->account_id;
    case kind::phone_number:
        return v.session->phone_number;
    case kind::from_phone_number:
        return v.session->from_phone_number;
    case kind::to_phone_number:
        return v.session->to_phone_number;
    case kind::direction:
        return v.session->direction;
    case kind::caller:
        return v.caller;
    case kind::digit:
        return v.digit;
    case kind::text:
        return v.text;
    case kind::sms_recipient:
        return v.sms_recipient;
    case kind::sms_reason:
        return v.sms_reason;
    case kind::match:
        return p.group < v.groups.size() ? v.groups[p.group] : std::string_view{};
    }
    return {};
}

std::string rule_template::expand(const placeholder_values& v, value_form form) const
{
    std::string out;
    for (const part& p : parts_) {
        if (p.what != kind::literal && form == value_form::xml)
            append_xml(out, value(p, v));
        else
            out += value(p, v);
    }
    return out;
}

}  // namespace aiflow

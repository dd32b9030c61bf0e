#include "protocol/strict_object.hpp"

#include <algorithm>
#include <utility>

namespace aiflow {
namespace {

namespace json = boost::json;

// Names come from outside: only what looks like a member's name is repeated in a problem.
bool is_plain_name(std::string_view name) noexcept
{
    return !name.empty() && name.size() <= 40 && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    });
}

std::string as_std(const json::string& text)
{
    return {text.data(), text.size()};
}

}  // namespace

strict_object::strict_object(const json::object& object, std::string place, read_problems& problems)
    : object_(&object), place_(std::move(place)), problems_(&problems)
{
}

std::string strict_object::text(std::string_view name)
{
    const auto* value = find(name);
    if (value == nullptr)
        return {};
    if (const auto* text = value->if_string())
        return as_std(*text);
    report(errc::invalid_value, name, "is no string; give text in quotes, or leave it out");
    return {};
}

std::string strict_object::needed_text(std::string_view name)
{
    if (!has(name))
        report(errc::invalid_value, name, "is missing; it has to be given");
    return text(name);
}

std::optional<int> strict_object::integer(std::string_view name)
{
    const auto* value = find(name);
    if (value == nullptr)
        return std::nullopt;
    json::error_code ec;
    // JSON does not tell 8 from 8.0, and some languages write every number with a point.
    const int result = value->is_number() ? value->to_number<int>(ec) : 0;
    if (value->is_number() && !ec)
        return result;
    report(errc::invalid_value, name, "is no whole number; give one without quotes");
    return std::nullopt;
}

std::optional<double> strict_object::number(std::string_view name)
{
    const auto* value = find(name);
    if (value == nullptr)
        return std::nullopt;
    if (value->is_number())
        return value->to_number<double>();
    report(errc::invalid_value, name, "is no number; give one without quotes");
    return std::nullopt;
}

bool strict_object::boolean(std::string_view name)
{
    const auto* value = find(name);
    if (value == nullptr)
        return false;
    if (const bool* truth = value->if_bool())
        return *truth;
    report(errc::invalid_value, name, "is neither true nor false; give one of them");
    return false;
}

std::optional<std::vector<std::string>> strict_object::texts(std::string_view name)
{
    const auto* value = find(name);
    if (value == nullptr)
        return std::nullopt;
    const auto* list = value->if_array();
    if (list == nullptr) {
        report(errc::invalid_value, name, "is no array; give an array of strings");
        return std::nullopt;
    }
    std::vector<std::string> result;
    result.reserve(list->size());
    for (const auto& entry : *list) {
        if (const auto* text = entry.if_string()) {
            result.push_back(as_std(*text));
            continue;
        }
        report(errc::invalid_value, std::string(name) + "[" + std::to_string(result.size()) + "]",
               "is no string; give text in quotes");
        return std::nullopt;
    }
    return result;
}

std::optional<phone_number> strict_object::needed_phone_number(std::string_view name)
{
    const auto text = needed_text(name);
    auto number = phone_number::parse(text);
    if (number)
        return *std::move(number);
    report(errc::invalid_phone_number, name, number.error().text);
    return std::nullopt;
}

std::optional<strict_object> strict_object::object(std::string_view name)
{
    const auto* value = find(name);
    if (value == nullptr)
        return std::nullopt;
    if (const auto* object = value->if_object())
        return strict_object(*object, place_of(name), *problems_);
    report(errc::invalid_value, name, "is no object; give one in braces, or leave it out");
    return std::nullopt;
}

void strict_object::finish()
{
    for (const auto& member : *object_) {
        const std::string_view name(member.key().data(), member.key().size());
        if (std::find(asked_.begin(), asked_.end(), name) != asked_.end())
            continue;
        report_unknown(name);
    }
}

void strict_object::report_unknown(std::string_view name)
{
    problem unknown{errc::invalid_value, place_of(name), "is not known here; leave it out"};
    if (!is_plain_name(name)) {
        unknown.field = place_;
        unknown.text = "has a member with an unusual name; leave it out";
    }
    auto& kept = problems_->tolerant ? problems_->ignored : problems_->found;
    if (!kept)
        kept = std::move(unknown);
}

void strict_object::report(errc code, std::string_view name, std::string text)
{
    if (!problems_->found)
        problems_->found = problem{code, place_of(name), std::move(text)};
}

const json::value* strict_object::find(std::string_view name)
{
    asked_.push_back(name);
    return has(name) ? object_->if_contains(name) : nullptr;
}

bool strict_object::has(std::string_view name) const
{
    const auto* value = object_->if_contains(name);
    return value != nullptr && !(problems_->tolerant && value->is_null());
}

std::string strict_object::place_of(std::string_view name) const
{
    if (place_.empty() || name.empty())
        return place_ + std::string(name);
    return place_ + "." + std::string(name);
}

}  // namespace aiflow

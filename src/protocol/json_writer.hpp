#pragma once

#include <charconv>
#include <concepts>
#include <string>
#include <string_view>

namespace aiflow {

/// Appends `text` as a JSON string. Boost.JSON's serializer can only fill a buffer of its own, so
/// that each string would be copied twice; the escapes are the same as its.
void append_json_string(std::string& out, std::string_view text);

/// Appends the shortest JSON number that reads back as `number`, which must be finite.
template <class Number>
requires std::integral<Number> || std::floating_point<Number>
void append_json_number(std::string& out, Number number)
{
    char digits[32];
    const auto end = std::to_chars(digits, digits + sizeof(digits), number).ptr;
    out.append(digits, end);
}

/// Appends one JSON object, member by member. Names go out as they are.
class object_writer {
public:
    explicit object_writer(std::string& out) : out_(out) { out_.push_back('{'); }
    object_writer(const object_writer&) = delete;
    object_writer& operator=(const object_writer&) = delete;
    ~object_writer() = default;

    /// Begins a member; its value is to be appended to the result.
    std::string& member(std::string_view name)
    {
        out_.append(first_ ? "\"" : ",\"").append(name).append("\":");
        first_ = false;
        return out_;
    }

    void text(std::string_view name, std::string_view value)
    {
        append_json_string(member(name), value);
    }

    /// `value` is a name of the protocol, in which nothing has to be escaped.
    void name(std::string_view name, std::string_view value)
    {
        member(name).append("\"").append(value).push_back('"');
    }

    void text_if_any(std::string_view name, std::string_view value)
    {
        if (!value.empty())
            text(name, value);
    }

    template <class Number>
    void number(std::string_view name, Number value)
    {
        append_json_number(member(name), value);
    }

    void boolean(std::string_view name, bool value)
    {
        member(name).append(value ? "true" : "false");
    }

    void end() { out_.push_back('}'); }

private:
    std::string& out_;
    bool first_ = true;
};

}  // namespace aiflow

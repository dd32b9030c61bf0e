#pragma once

#include "aiflow/event.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace aiflow {

/// What the placeholders of one rule can stand for.
struct placeholder_scope {
    std::span<const std::string> events;  ///< that the rule answers
    bool has_pattern = false;             ///< whether it has a `text`, ...
    unsigned groups = 0;                  ///< ... and how many groups that has
};

/// What they stand for when an event came. Views into the event.
struct placeholder_values {
    const session_info* session = nullptr;
    std::string caller = {};  ///< digits; empty when withheld
    std::string_view text = {};
    std::string_view digit = {};
    std::string_view sms_recipient = {};
    std::string_view sms_reason = {};
    std::vector<std::string_view> groups = {};  ///< the whole match and its groups
};

/// How values are put into the text around them.
enum class value_form : unsigned char {
    plain,
    xml  ///< so that no value can be markup
};

/// A text with placeholders such as `{caller}`; `{{` is a brace. A value.
class rule_template {
public:
    rule_template() = default;

    /// Reads a text; says in `complaints` what is wrong with each placeholder that is.
    static rule_template parse(std::string_view text, const placeholder_scope& scope,
                               std::vector<std::string>& complaints);

    /// Whether it has no placeholder.
    bool constant() const noexcept;

    std::string expand(const placeholder_values& v, value_form form = value_form::plain) const;

private:
    enum class kind : unsigned char {
        literal,
        session_id,
        account_id,
        phone_number,
        from_phone_number,
        to_phone_number,
        direction,
        caller,
        digit,
        text,
        sms_recipient,
        sms_reason,
        match
    };
    struct part {
        kind what = kind::literal;
        std::string literal = {};
        std::size_t group = 0;
    };
    struct name;

    static std::string_view value(const part& p, const placeholder_values& v);
    static std::string add_placeholder(std::string_view inside, const placeholder_scope& scope,
                                       std::vector<part>& parts);

    std::vector<part> parts_;
};

}  // namespace aiflow

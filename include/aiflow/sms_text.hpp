#pragma once

#include "aiflow/error.hpp"

#include <cstddef>
#include <optional>
#include <string_view>

namespace aiflow {

/// How a text is coded on the radio side (GSM 03.38 / 3GPP TS 23.038).
enum class sms_encoding : unsigned char { gsm7, ucs2 };

std::string_view to_string(sms_encoding e) noexcept;

/// What a text costs.
struct sms_size {
    sms_encoding encoding = sms_encoding::gsm7;
    std::size_t characters = 0;  ///< Unicode code points
    std::size_t units = 0;       ///< septets (an extension character counts two) or UTF-16 units
    unsigned segments = 0;       ///< 160 or 153 septets, 70 or 67 units each; none is cut in two

    bool operator==(const sms_size&) const = default;
};

/// Measures UTF-8 text. Error: `invalid_text` when it is not UTF-8; the place is in the text of the
/// problem, the content never is.
checked<sms_size> measure_sms(std::string_view text);

/// What is wrong with a text for an SMS, or nothing: empty, too long, not UTF-8, control characters
/// other than LF (reliability.md 3.7).
std::optional<problem> validate_sms_text(std::string_view text, std::size_t max_characters = 1530);

}  // namespace aiflow

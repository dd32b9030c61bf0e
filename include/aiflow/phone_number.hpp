#pragma once

#include "aiflow/error.hpp"

#include <string>
#include <string_view>

namespace aiflow {

/// An E.164 phone number that cannot be invalid once it exists (protocol.md 5.2).
///
/// Thread safety: a value. It has no default: there is no "empty" number.
class phone_number {
public:
    /// Reads `4915112345678` or `+4915112345678`: 7 to 15 digits after one optional `+`, the first
    /// not 0. Nothing else is stripped or guessed, since the service rejects it.
    /// Error: `invalid_phone_number`, with what is wrong; the number itself is not repeated.
    static checked<phone_number> parse(std::string_view text);

    /// The digits without `+`, as they go on the wire.
    const std::string& digits() const noexcept { return digits_; }

    bool operator==(const phone_number&) const = default;
    // clang-tidy 14 takes the 0 that the compiler puts in here for a pointer.
    // NOLINTNEXTLINE(modernize-use-nullptr)
    auto operator<=>(const phone_number&) const = default;

private:
    explicit phone_number(std::string digits) : digits_(std::move(digits)) {}

    std::string digits_;
};

/// Digits for comparing numbers that came from outside: without a leading `+` and without spaces.
/// Not a check: the result may be anything (protocol.md 5.6).
std::string comparable_digits(std::string_view text);

/// The number with all but the last three digits masked, for logs: "***678". Works on anything; a
/// text of three characters or fewer, or one that does not end in three digits, becomes "***".
std::string masked(std::string_view number);
std::string masked(const phone_number& number);

}  // namespace aiflow

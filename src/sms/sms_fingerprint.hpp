#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace aiflow {

/// A salted hash of an SMS: tells whether two are equal when number and text are gone
/// (reliability.md 3.7). 48 hexadecimal digits, the first 16 of them the salt.
std::string sms_fingerprint(std::uint64_t salt, std::string_view recipient, std::string_view text);

/// Whether the fingerprint is that of this SMS. False for anything that is no fingerprint.
bool fits_fingerprint(std::string_view fingerprint, std::string_view recipient,
                      std::string_view text);

}  // namespace aiflow

#pragma once

#include <string>
#include <string_view>

namespace aiflow {

/// The text with all that looks like a phone number masked (see `masked`): 7 digits or more, with
/// blanks, dashes, slashes and brackets between them. A date such as 2026-12-01 is none. For what
/// others have written and the log shows (reliability.md P8).
std::string without_numbers(std::string_view text);

}  // namespace aiflow

#pragma once

#include <string>
#include <string_view>
#include <vector>

/// Text laid out in columns: a code point of UTF-8 takes one.
namespace aiflow {

std::size_t columns_of(std::string_view text);

/// The text if it fits into `columns`, else its beginning with an ellipsis.
std::string fitted(std::string_view text, std::size_t columns);

/// The text with blanks up to `columns`.
std::string padded(std::string_view text, std::size_t columns);

/// The text in lines of at most `columns`, broken at blanks where there are any. At least one line.
std::vector<std::string> wrapped(std::string_view text, std::size_t columns);

}  // namespace aiflow

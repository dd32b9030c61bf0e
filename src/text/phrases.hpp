#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// Pieces of the sentences that people read.
namespace aiflow {

/// The text in quotation marks, made printable and cut to `limit` bytes.
std::string in_quotes(std::string_view text, std::size_t limit);

/// "1 call", "2 calls": `what` in the singular, of those that take an s.
std::string count_of(std::size_t n, std::string_view what);

/// "a", "a or b", "a, b or c".
std::string either_of(const std::vector<std::string>& choices);

}  // namespace aiflow

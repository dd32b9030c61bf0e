#pragma once

#include <boost/beast/http/basic_parser.hpp>

#include <string_view>

namespace aiflow {

/// Whether Beast can be given `pending`, all that is there of what it has not taken.
template <bool isRequest>
bool can_take(const boost::beast::http::basic_parser<isRequest>& parser, std::string_view pending)
{
    // Up to Boost 1.85 it asserts that, once it has seen the last chunk, it sees all five bytes of
    // it (boostorg/beast pull request 2861). A message that ends in fewer is cut short, so nothing
    // waits for ever.
    constexpr std::string_view last_chunk = "0\r\n\r\n";
    const bool too_early = parser.is_header_done() && parser.chunked() && !parser.is_done() &&
                           pending.size() < last_chunk.size() && pending.starts_with("0\r\n");
    return !pending.empty() && !too_early;
}

}  // namespace aiflow

#pragma once

#include <boost/beast/http/basic_parser.hpp>

#include <string_view>

namespace aiflow {

/// Whether Beast can be given `pending`, all that is there of what it has not taken. A chunked body
/// never ends in fewer than five bytes, so nothing waits for ever.
template <bool isRequest>
bool can_take(const boost::beast::http::basic_parser<isRequest>& parser, std::string_view pending)
{
    // Up to Boost 1.85 it asserts that there are five when the last chunk is all there is of a body
    // (boostorg/beast pull request 2861).
    constexpr std::size_t last_chunk = 5;
    return !pending.empty() && !(parser.is_header_done() && parser.chunked() && !parser.is_done() &&
                                 pending.size() < last_chunk);
}

}  // namespace aiflow

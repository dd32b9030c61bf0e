#pragma once

#include <boost/beast/core/string_type.hpp>

#include <string_view>

namespace aiflow {

/// Beast's views of text as those of the standard library.
inline std::string_view std_view(boost::beast::string_view s)
{
    return {s.data(), s.size()};
}

}  // namespace aiflow

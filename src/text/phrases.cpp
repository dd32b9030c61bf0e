#include "text/phrases.hpp"

#include "aiflow/log.hpp"

namespace aiflow {

std::string in_quotes(std::string_view text, std::size_t limit)
{
    return "\"" + printable(text, limit) + "\"";
}

std::string count_of(std::size_t n, std::string_view what)
{
    return std::to_string(n) + " " + std::string(what) + (n == 1 ? "" : "s");
}

}  // namespace aiflow

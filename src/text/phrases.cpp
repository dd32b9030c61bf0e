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

std::string either_of(const std::vector<std::string>& choices)
{
    std::string text;
    for (std::size_t i = 0; i < choices.size(); ++i)
        text += (i == 0 ? "" : i + 1 == choices.size() ? " or " : ", ") + choices[i];
    return text;
}

}  // namespace aiflow

#include "text/file_problem.hpp"

#include <algorithm>

namespace aiflow {

std::string to_string(const file_problem& p)
{
    std::string text = p.file;
    if (p.line > 0)
        text += ":" + std::to_string(p.line);
    if (!p.key.empty())
        text += ": " + p.key;
    return text + ": " + p.text;
}

void complete(file_problems& problems, const std::string& file)
{
    for (file_problem& p : problems)
        p.file = file;
    std::stable_sort(problems.begin(), problems.end(),
                     [](const auto& a, const auto& b) { return a.line < b.line; });
}

}  // namespace aiflow

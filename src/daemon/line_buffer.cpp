#include "daemon/line_buffer.hpp"

#include <utility>

namespace aiflow {

void line_buffer::add(std::string line)
{
    bytes_ += line.size();
    lines_.push_back(std::move(line));
    while (lines_.size() > max_lines || bytes_ > max_bytes) {
        bytes_ -= lines_.front().size();
        lines_.pop_front();
        ++lost_;
    }
}

std::string line_buffer::take()
{
    std::string text;
    if (const auto lost = std::exchange(lost_, 0); lost > 0)
        text = "{\"kind\":\"lost\",\"lines\":" + std::to_string(lost) + "}\n";
    for (const auto& line : lines_)
        text.append(line).append("\n");
    lines_.clear();
    bytes_ = 0;
    return text;
}

}  // namespace aiflow

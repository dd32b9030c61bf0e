#include "daemon/line_splitter.hpp"

namespace aiflow {

void line_splitter::push(std::string_view bytes)
{
    buffer_.erase(0, begin_);
    scanned_ -= begin_;
    begin_ = 0;
    buffer_ += bytes;
}

std::optional<std::string_view> line_splitter::next()
{
    for (;;) {
        const auto end = buffer_.find('\n', scanned_);
        if (end == std::string::npos) {
            scanned_ = buffer_.size();
            if (skipping_)
                begin_ = scanned_;
            // One more than the limit may be the `\r` of a line that just fits.
            if (scanned_ - begin_ <= limit_ + 1)
                return std::nullopt;
            const auto from = begin_;
            skip_rest_of_line();
            if (policy_ == too_long::cut)
                return std::string_view(buffer_).substr(from, limit_);
            return std::nullopt;
        }
        const auto whole = std::string_view(buffer_).substr(begin_, end - begin_);
        begin_ = scanned_ = end + 1;
        if (skipping_)
            skipping_ = false;
        else if (const auto found = line(whole))
            return found;
    }
}

std::optional<std::string_view> line_splitter::rest()
{
    const auto whole = std::string_view(buffer_).substr(begin_);
    begin_ = scanned_ = buffer_.size();
    if (skipping_)
        return std::nullopt;
    return line(whole);
}

std::optional<std::string_view> line_splitter::line(std::string_view whole)
{
    if (whole.ends_with('\r'))
        whole.remove_suffix(1);
    if (whole.empty())
        return std::nullopt;
    if (whole.size() <= limit_)
        return whole;
    ++lines_too_long_;
    if (policy_ == too_long::cut)
        return whole.substr(0, limit_);
    return std::nullopt;
}

void line_splitter::skip_rest_of_line()
{
    ++lines_too_long_;
    skipping_ = true;
    begin_ = scanned_;
}

}  // namespace aiflow

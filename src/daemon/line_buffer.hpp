#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>

namespace aiflow {

/// Lines on their way to somebody who may be slow: the oldest ones go when there are too many.
class line_buffer {
public:
    static constexpr std::size_t max_lines = 256;
    static constexpr std::size_t max_bytes = std::size_t{1024} * 1024;

    /// `line` is without its end.
    void add(std::string line);

    /// Everything that waits, each line with its end. Where lines are missing,
    /// `{"kind":"lost","lines":n}` stands first.
    std::string take();

    bool empty() const noexcept { return lines_.empty() && lost_ == 0; }

private:
    std::deque<std::string> lines_;
    std::size_t bytes_ = 0;
    std::uint64_t lost_ = 0;
};

}  // namespace aiflow

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace aiflow {

/// Makes whole lines of bytes that come in pieces. A line ends with `\n` or `\r\n`; empty ones are
/// left out.
///
/// Thread safety: none. Memory: at most one line of the limit and what was pushed last.
class line_splitter {
public:
    /// What becomes of a line that is longer than the limit.
    enum class too_long : unsigned char {
        drop,  ///< as if it had not been there
        cut    ///< its beginning is a line, the rest is dropped
    };

    line_splitter(std::size_t limit, too_long policy) : limit_(limit), policy_(policy) {}

    /// Takes over more bytes. What `next` gave is not valid any more.
    void push(std::string_view bytes);

    /// The next whole line, without its end.
    std::optional<std::string_view> next();

    /// What came behind the last end of a line, when nothing more will come.
    std::optional<std::string_view> rest();

    /// How many lines were longer than the limit so far.
    std::uint64_t lines_too_long() const noexcept { return lines_too_long_; }

private:
    std::optional<std::string_view> line(std::string_view whole);
    void skip_rest_of_line();

    std::size_t limit_;
    too_long policy_;
    std::string buffer_;
    std::size_t begin_ = 0;    // of what has not been given out
    std::size_t scanned_ = 0;  // no end of a line in what is before it
    bool skipping_ = false;    // inside a line that is too long
    std::uint64_t lines_too_long_ = 0;
};

}  // namespace aiflow

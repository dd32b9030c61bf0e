#pragma once

#include "aiflow/error.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace re2 {
class RE2;
}

namespace aiflow {

/// A regular expression of RE2: takes time linear in the text, whatever the caller says. Ignores
/// case, unless the pattern begins with `(?-i)`.
///
/// Thread safety: a value; may be used by several threads at a time.
class text_pattern {
public:
    /// Error: `invalid_value` with RE2's reason, or for a `\b` that can never match.
    static checked<text_pattern> compile(const std::string& pattern);

    /// How many groups it has, whether they take part in a match or not.
    unsigned groups() const noexcept;

    /// Whether it matches anywhere in the text, which has to be UTF-8. Then `found` holds the whole
    /// match and the groups, as views into `text`; a group that took no part is empty.
    bool search(std::string_view text, std::vector<std::string_view>& found) const;

private:
    explicit text_pattern(std::shared_ptr<const re2::RE2> compiled);

    std::shared_ptr<const re2::RE2> compiled_;
};

}  // namespace aiflow

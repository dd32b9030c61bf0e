#pragma once

#include "simulator/happening.hpp"

#include <string>

namespace aiflow::simulator {

/// How the timeline looks.
struct timeline_options {
    bool color = false;
    bool show_content = false;  ///< whole numbers, and the texts of SMS
    std::size_t width = 100;    ///< columns
};

/// Prints what happens as lines in columns: time in seconds, who, direction, name, words.
///
/// Lifetime: the journal must outlive it.
class timeline {
public:
    /// Times are counted from `zero`.
    timeline(timeline_options options, const journal& seen, clock::time_point zero);

    /// The lines for one happening, each with its end of line; empty for what is not shown.
    std::string lines(const happening& h) const;

    /// A line that is nobody's, such as a refused connection.
    std::string note(clock::time_point at, std::string_view text) const;

    /// What there was in all, and each expectation with its result.
    std::string summary() const;

    /// The expectations that did not hold, a line each.
    std::string failures() const;

private:
    struct row;

    std::string print(const row& r) const;
    std::string painted(std::string_view color, std::string_view text) const;
    std::string label_of(std::size_t call) const;
    std::string check_line(const check_record& c) const;
    std::string check_lines() const;

    timeline_options options_;
    const journal& seen_;
    clock::time_point zero_;
};

/// The frame as one line of JSON: t (seconds from `zero`), direction, connection, call, session and
/// text. Nothing is masked.
std::string json_line(const frame_record& f, clock::time_point zero);

}  // namespace aiflow::simulator

#pragma once

#include <boost/json/object.hpp>

#include <string>
#include <string_view>

/// One thing that happened, in one line: "14:03:22.123  1a2b3c4d  → user_speak  “yes please”".
std::string tail_line(const boost::json::object& o);

/// Lines from pieces that end anywhere.
class line_splitter {
public:
    /// Calls `take` for each line that is whole now.
    template <class Take>
    void add(std::string_view piece, Take take)
    {
        rest_ += piece;
        std::size_t begin = 0;
        for (auto end = rest_.find('\n'); end != std::string::npos; end = rest_.find('\n', begin)) {
            take(std::string_view(rest_).substr(begin, end - begin));
            begin = end + 1;
        }
        rest_.erase(0, begin);
    }

private:
    std::string rest_;
};

#include "daemon/stderr_log.hpp"

#include "protocol/without_numbers.hpp"

namespace aiflow {

void stderr_log::push(std::string_view bytes, clock::time_point now)
{
    lines_.push(bytes);
    while (const auto next = lines_.next())
        line(*next, now);
}

void stderr_log::finish(clock::time_point now)
{
    if (const auto last = lines_.rest())
        line(*last, now);
}

void stderr_log::line(std::string_view text, clock::time_point now)
{
    const auto left_out = limiter_.allow(now);
    if (!left_out)
        return;
    const std::string shown = printable(without_numbers(text), line_bytes);
    if (*left_out == 0)
        log_.write(log_level::info, "pipe.stderr", shown);
    else
        log_.write(log_level::info, "pipe.stderr", shown,
                   {{"left_out", std::to_string(*left_out)}});
}

}  // namespace aiflow

#include "daemon/live_tail.hpp"

#include <algorithm>
#include <utility>

namespace aiflow {

bool tail_filter::wants(std::string_view session_id, std::string_view kind,
                        std::string_view type) const
{
    if (!session.empty() && session != session_id)
        return false;
    return types.empty() || std::any_of(types.begin(), types.end(), [=](const std::string& wanted) {
               return wanted == kind || wanted == type;
           });
}

live_tail::live_tail(const asio::any_io_executor& executor, tail_filter filter)
    : filter_(std::move(filter)), arrived_(executor)
{
}

void live_tail::add(std::string line)
{
    buffer_.add(std::move(line));
    arrived_.notify();
}

void live_tail::end()
{
    ended_ = true;
    arrived_.notify();
}

}  // namespace aiflow

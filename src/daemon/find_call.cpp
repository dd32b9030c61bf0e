#include "daemon/find_call.hpp"

#include <iterator>

namespace aiflow {

namespace {

constexpr std::size_t shortest = 4;

}  // namespace

boost::system::result<bot_call*, control_error> find_call(const live_calls& calls,
                                                          std::string_view id)
{
    // Ids that begin alike are neighbours, and the shortest of them comes first.
    const auto found = calls.lower_bound(id);
    if (found != calls.end() && found->first == id)
        return found->second;
    if (id.size() < shortest)
        return control_error{422, "invalid_value", "session",
                             "is too short; give the id, or its first 4 characters or more"};
    if (found == calls.end() || !found->first.starts_with(id))
        return control_error{404, "unknown_session", "session",
                             "no live call has this id; GET /v1/calls lists those that there are"};
    const auto next = std::next(found);
    if (next != calls.end() && next->first.starts_with(id))
        return control_error{422, "ambiguous_session", "session",
                             "several live calls begin so; give more characters"};
    return found->second;
}

}  // namespace aiflow

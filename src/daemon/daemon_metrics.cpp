#include "daemon/daemon_metrics.hpp"

#include "daemon/metrics_text.hpp"

#include <algorithm>

namespace aiflow {

// How many calls there are, and how their SMS end, the library counts.
void daemon_metrics::opened(const session_info&) {}
void daemon_metrics::outcome(const session_info&, const sms_outcome&) {}
void daemon_metrics::closed(const session_info&) {}

void daemon_metrics::event(const incoming_event& e)
{
    ++counts_.events[e.event.index()];
}

void daemon_metrics::handled(std::string_view type, clock::duration took)
{
    const auto other = event_types.end() - 1;
    const auto found = std::find(event_types.begin(), other, type);
    counts_.handled[static_cast<std::size_t>(found - event_types.begin())].add(took);
}

void daemon_metrics::action(const session_info&, const aiflow::action& a,
                            const std::optional<problem>& refused, std::optional<sms_id>)
{
    ++(refused ? counts_.refused : counts_.actions)[a.index()];
}

std::string daemon_metrics::text(const metrics_snapshot& now) const
{
    return metrics_text(counts_, now);
}

}  // namespace aiflow

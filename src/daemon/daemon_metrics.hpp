#pragma once

#include "daemon/call_counts.hpp"
#include "daemon/call_observer.hpp"
#include "daemon/metrics_snapshot.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace aiflow {

/// Counts what happens in the calls, and writes it down for Prometheus with what is measured
/// elsewhere. See docs/metrics.md.
///
/// Thread safety: none; the daemon's executor.
class daemon_metrics final : public call_observer {
public:
    void opened(const session_info& session) override;
    void event(const incoming_event& e) override;
    void handled(std::string_view type, clock::duration took) override;
    void action(const session_info& session, const aiflow::action& a,
                const std::optional<problem>& refused, std::optional<sms_id> id) override;
    void outcome(const session_info& session, const sms_outcome& o) override;
    void closed(const session_info& session) override;

    /// In the text format of Prometheus, version 0.0.4.
    std::string text(const metrics_snapshot& now) const;

private:
    call_counts counts_;
};

}  // namespace aiflow

#pragma once

#include "daemon/call_observer.hpp"
#include "daemon/live_tail.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/json/object.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

namespace aiflow {

/// Tells those who watch what happens in the calls. Does nothing while nobody does.
///
/// Thread safety: none; the daemon's executor.
/// Lifetime: outlives the calls; its tails may outlive it. `time` must outlive it.
class live_feed final : public call_observer {
public:
    static constexpr std::size_t max_tails = 16;

    live_feed(asio::any_io_executor executor, clock& time);

    /// Begins to watch, until the last holder of the result lets it go. Null: `max_tails` do.
    std::shared_ptr<live_tail> watch(tail_filter filter);

    void opened(const session_info& session) override;
    void event(const incoming_event& e) override;
    void handled(std::string_view, clock::duration) override {}
    void action(const session_info& session, const aiflow::action& a,
                const std::optional<problem>& refused, std::optional<sms_id> id) override;
    void outcome(const session_info& session, const sms_outcome& o) override;
    void closed(const session_info& session) override;

private:
    using add_members = std::function<void(boost::json::object&, const disclosure&)>;

    void tell(const session_info& session, std::string_view kind, std::string_view type,
              const add_members& add);

    asio::any_io_executor executor_;
    clock& time_;
    std::vector<std::weak_ptr<live_tail>> tails_;
};

}  // namespace aiflow

#pragma once

#include "aiflow/clock.hpp"
#include "aiflow/event.hpp"
#include "session/handler_runner.hpp"
#include "transport/timetable.hpp"

#include <memory>
#include <utility>

namespace aiflow {

class session_link;

/// What is known of one call. The dispatcher's; handles of the application share it.
///
/// Thread safety: `info.id` never changes and may be read from any thread; the rest belongs to the
/// dispatcher's executor.
class session_state final : public timetable::entry,
                            public std::enable_shared_from_this<session_state> {
public:
    session_state(std::shared_ptr<session_environment> environment, session_info first)
        : info(std::move(first)), env(std::move(environment)), runner(*env)
    {
    }

    /// Its end may have come.
    void on_due(clock::time_point now) override;

    session_info info;
    const std::shared_ptr<session_environment> env;
    session_link* link = nullptr;  ///< where the last event came from; null in a gap
    handler_runner runner;         ///< uses `env`
    clock::time_point last_event;
    clock::time_point gap_since;
    std::size_t outcomes_under_way = 0;  ///< of its SMS, to its handler
    bool started = false;                ///< its `session_start` has come
    bool over = false;
    bool known_to_sms = false;  ///< the SMS sender is told what becomes of it
};

}  // namespace aiflow

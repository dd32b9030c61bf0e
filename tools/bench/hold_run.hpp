#pragma once

#include "bench/event_texts.hpp"
#include "bench/open_questions.hpp"
#include "bench/run.hpp"

namespace aiflow::bench {

/// Opens further connections, each with one session that has begun, and leaves them as they are.
class hold_run final : public run {
public:
    /// `first_call`: sessions are numbered from here, so that no two of a process are the same.
    hold_run(std::size_t connections, std::uint64_t first_call, bool names_session);

    void begin(driver& d) override;
    void opened(peer& p) override;
    void received(peer& p, std::string_view text, steady::time_point now) override;
    bool done() const override { return answered_ == connections_; }

private:
    std::size_t connections_;
    std::uint64_t next_call_;
    answer_reader reader_;
    numbered_frame start_;
    std::size_t answered_ = 0;
};

/// Ends the call on every connection that is open, and closes it.
class leave_run final : public run {
public:
    leave_run();

    void begin(driver& d) override;
    void opened(peer& p) override;
    void received(peer& p, std::string_view text, steady::time_point now) override;
    void ended(peer& p) override;
    bool done() const override;

private:
    numbered_frame end_;
    driver* driver_ = nullptr;
};

}  // namespace aiflow::bench

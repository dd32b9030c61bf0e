#pragma once

#include "aiflow/memory_outbox.hpp"
#include "manual_clock.hpp"
#include "sms/sms_sender.hpp"

#include <boost/asio/io_context.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace aiflow::test {

using namespace std::chrono_literals;

/// A disk that takes its time, fails when told, and keeps what it has over a restart.
class slow_outbox final : public outbox {
public:
    bool outlasts_process() const noexcept override { return true; }
    explicit slow_outbox(manual_clock& time) : time_(time) {}

    asio::awaitable<error_code> put(sms_record record, durability when) override;
    std::optional<error_code> put_at_once(const sms_record& record, durability when) override;
    asio::awaitable<boost::system::result<std::vector<sms_record>>>
    load(std::chrono::seconds keep) override;

    clock::duration delay{0};
    error_code error;
    bool throws = false;
    bool at_once = false;  ///< takes no time at all
    std::size_t under_way = 0;
    std::size_t most_under_way = 0;
    std::vector<sms_state> done;

private:
    manual_clock& time_;
    memory_outbox kept_;
};

/// A sender under virtual time whose host writes down what it is given.
struct sender_rig : sms_host {
    explicit sender_rig(sms_rules rules = {});
    ~sender_rig() override;

    bool transmit(std::string_view session_id, const sms_attempt_key& key, send_sms frame) override;
    void rejected(std::string_view) override {}
    void report(std::string_view session_id, const sms_outcome& outcome) override;

    /// Reads the outbox, with one session up.
    void start();
    /// The process ends without a word and begins again.
    void restart();
    void settle() { test::settle(io); }
    void run(clock::duration span) { run_for(io, time, span); }

    using answer = std::optional<checked<sms_ticket>>;
    /// Begins to submit; what it is answered will be in the result.
    std::shared_ptr<answer> begin(std::string text, sms_options options = {},
                                  std::string session = "call");
    sms_ticket send(std::string text = "Your code is 4242.", sms_options options = {});
    std::shared_ptr<std::optional<checked<sms_outcome>>> await_outcome(sms_id id);
    sms_failure fail(std::string reason = "smsc_unavailable");
    bool logged(std::string_view id) const;

    asio::io_context io;
    manual_clock time;
    sms_rules rules;
    slow_outbox disk{time};
    std::vector<std::string> log;
    std::vector<send_sms> frames;
    std::vector<sms_attempt_key> keys;
    std::vector<sms_outcome> outcomes;
    std::function<void()> on_transmit;  ///< what the host does from inside
    std::optional<error_code> started;
    std::unique_ptr<sms_sender> sender;

private:
    void make_sender();

    std::uint64_t seed_ = 7;
};

}  // namespace aiflow::test

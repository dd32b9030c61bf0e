#pragma once

#include "aiflow/outbox.hpp"

#include <functional>

namespace aiflow::test {

/// An outbox whose operations fail, throw, or take their time, as a test says.
///
/// Lifetime: `inner` and `time` must outlive it and what is under way in it.
class failing_outbox final : public outbox {
public:
    enum class operation : unsigned char { put, load };

    /// What becomes of one operation; by default, what the outbox behind makes of it.
    struct verdict {
        error_code error = {};
        bool throws = false;
        clock::duration takes{};
    };

    failing_outbox(outbox& inner, clock& time) : inner_(inner), time_(time) {}

    /// Asked when an operation begins.
    std::function<verdict(operation)> decide;
    /// Told of every record that has been written.
    std::function<void(const sms_record&)> on_stored;

    bool outlasts_process() const noexcept override { return inner_.outlasts_process(); }
    asio::awaitable<error_code> put(sms_record record, durability when) override;
    asio::awaitable<boost::system::result<std::vector<sms_record>>>
    load(std::chrono::seconds keep) override;

private:
    outbox& inner_;
    clock& time_;
};

}  // namespace aiflow::test

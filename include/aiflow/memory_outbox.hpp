#pragma once

#include "aiflow/outbox.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>

namespace aiflow {

/// An outbox that lasts as long as the process: every message has its outcome, but what is open
/// when the process ends is forgotten.
///
/// Final records are forgotten after `keep`, so that memory stays bounded.
/// Thread safety: none; one executor.
class memory_outbox final : public outbox {
public:
    /// `max_open`: records that are not final; one more is refused with `outbox_full`.
    explicit memory_outbox(std::size_t max_open = 10'000,
                           std::chrono::seconds keep = std::chrono::hours{24});

    bool outlasts_process() const noexcept override { return false; }
    asio::awaitable<error_code> put(sms_record record, durability when) override;
    std::optional<error_code> put_at_once(const sms_record& record, durability when) override;
    asio::awaitable<boost::system::result<std::vector<sms_record>>>
    load(std::chrono::seconds keep) override;

    std::size_t size() const noexcept { return records_.size(); }

private:
    void forget_old(clock::wall_time now);

    boost::unordered_flat_map<std::uint64_t, std::unique_ptr<sms_record>> records_;
    std::deque<std::uint64_t> final_;  ///< in the order in which they became final
    std::size_t open_ = 0;
    std::size_t max_open_;
    std::chrono::seconds keep_;
};

}  // namespace aiflow

#pragma once

#include "aiflow/outbox.hpp"
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <array>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <optional>

namespace aiflow {

/// Hands records to the outbox: those of one message one after the other, those of others at the
/// same time, so that they can share a commit.
///
/// Thread safety: none; one executor. Lifetime: what is under way keeps it alive.
class sms_outbox_writer : public std::enable_shared_from_this<sms_outbox_writer> {
public:
    using done = std::function<void(sms_id, unsigned step, error_code)>;

    sms_outbox_writer(asio::any_io_executor executor, outbox& store, done on_done);

    /// `on_done` may be called before this returns.
    void write(const sms_record& record, outbox::durability when, unsigned step);

    /// Calls nobody any more; what was handed over is still carried out.
    void forget_caller() { done_ = nullptr; }

    bool busy() const noexcept { return busy_lanes_ > 0; }

    /// Never expires; its waits end when the writer is not busy any more.
    asio::steady_timer& drained() noexcept { return drained_; }

private:
    struct change {
        sms_record record;
        outbox::durability when;
        unsigned step;
    };
    struct lane {
        std::deque<change> waiting;
        bool busy = false;
    };

    void tell(sms_id id, unsigned step, error_code ec) const;
    std::optional<error_code> put_at_once(const sms_record& record, outbox::durability when);
    static asio::awaitable<void> drain(std::shared_ptr<sms_outbox_writer> self, lane& l);
    static asio::awaitable<error_code> put(outbox& store, sms_record record,
                                           outbox::durability when);

    asio::any_io_executor executor_;
    outbox& outbox_;
    done done_;
    std::array<lane, 16> lanes_;
    std::size_t busy_lanes_ = 0;
    asio::steady_timer drained_;
};

}  // namespace aiflow

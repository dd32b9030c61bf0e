#pragma once

#include "aiflow/clock.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace aiflow {

/// When the connections of one executor write: where there are several, one after the other, once
/// all that came in the same turn of the executor has been answered. So the code of the kernel's
/// writes and that of answers are each in the cache for a while; and who reads again behind the
/// writes finds the next question there, instead of asking for it in vain first.
///
/// Thread safety: `of` from any thread; the rest belongs to the executor.
/// Lifetime: held by the dispatchers of the executor, and by what they have posted.
class write_turn : public std::enable_shared_from_this<write_turn> {
public:
    class writer {
    public:
        /// It is its turn.
        virtual void write_queued() = 0;

    protected:
        writer() = default;
        writer(const writer&) = default;
        writer& operator=(const writer&) = default;
        ~writer() = default;
    };

    /// The one of all that use this executor, whichever listener or client they belong to.
    static std::shared_ptr<write_turn> of(const asio::any_io_executor& executor);

    explicit write_turn(asio::any_io_executor executor) : executor_(std::move(executor)) {}
    write_turn(const write_turn&) = delete;
    write_turn& operator=(const write_turn&) = delete;

    const asio::any_io_executor& get_executor() const noexcept { return executor_; }

    /// A connection is open, or so many are gone.
    void enter() noexcept { ++open_; }
    void leave(std::size_t count = 1) noexcept { open_ -= count; }

    /// Whether another connection may have something to write in this turn.
    bool has_others() const noexcept { return open_ > 1; }

    /// Lets it write when what has come in this turn is answered.
    void write_later(std::shared_ptr<writer> w);

    /// Waits until those that were to write by now have done so. Cancellation: none.
    asio::awaitable<void> others()
    {
        asio::use_awaitable_t<> token;
        return asio::async_initiate<asio::use_awaitable_t<>, void()>(
            [this](resumption r) { resume_later(std::move(r)); }, token);
    }

private:
    using resumption = asio::async_result<asio::use_awaitable_t<>, void()>::handler_type;

    // What happens in one turn.
    struct round {
        std::vector<std::shared_ptr<writer>> writers;
        std::vector<resumption> readers;
        std::size_t wrote = 0;
        std::size_t resumed = 0;

        void go_on();
    };
    class job;

    void resume_later(resumption r);
    template <class Put>
    void add(Put put);

    asio::any_io_executor executor_;
    std::size_t open_ = 0;
    round* next_ = nullptr;         ///< the executor's, which may be destroyed without running it
    std::unique_ptr<round> spare_;  ///< an empty one, for its memory
};

}  // namespace aiflow

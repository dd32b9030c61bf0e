#include "session/handler_pool.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/this_coro.hpp>

#include <array>
#include <cstddef>
#include <memory>
#include <new>
#include <utility>

namespace aiflow {

namespace {

// A surge of handlers that wait should not keep its coroutines for good.
constexpr std::size_t kept_workers = 16;

// A coroutine that waits to be called, whatever its type.
class resumption {
public:
    resumption() = default;
    resumption(const resumption&) = delete;
    resumption& operator=(const resumption&) = delete;
    virtual ~resumption() = default;

    /// Calls it; `this` is gone then.
    virtual void resume() = 0;
};

template <class Handler>
class resumption_of final : public resumption {
public:
    explicit resumption_of(Handler h) : handler_(std::move(h)) {}

    void resume() override
    {
        // The coroutine may wait again, in this place, before the call returns.
        auto handler = std::move(handler_);
        std::destroy_at(this);
        std::move(handler)();
    }

private:
    Handler handler_;
};

// Its end without `finish` is that of a context which is destroyed: a handler at work would keep
// its session, and itself, for ever.
class unfinished {
public:
    explicit unfinished(handler_runner& runner) : runner_(&runner) {}
    unfinished(const unfinished&) = delete;
    unfinished& operator=(const unfinished&) = delete;
    ~unfinished()
    {
        if (runner_ != nullptr)
            runner_->cut_off();
    }

    void finish() noexcept { runner_ = nullptr; }

private:
    handler_runner* runner_;
};

}  // namespace

class handler_pool::worker {
public:
    worker() = default;
    worker(const worker&) = delete;
    worker& operator=(const worker&) = delete;
    ~worker()
    {
        if (parked_ != nullptr)
            std::destroy_at(parked_);
    }

    asio::cancellation_signal& interrupt() noexcept { return interrupt_; }

    /// Completes when woken.
    auto park()
    {
        return asio::async_initiate<const asio::deferred_t, void()>(
            [this](auto handler) {
                using kind = resumption_of<decltype(handler)>;
                static_assert(sizeof(kind) <= sizeof(place_) && alignof(kind) <= alignof(void*));
                parked_ = ::new (&place_) kind(std::move(handler));
            },
            asio::deferred);
    }

    /// Runs the coroutine until it waits again.
    void wake() { std::exchange(parked_, nullptr)->resume(); }

private:
    asio::cancellation_signal interrupt_;
    // In place: every event parks a coroutine.
    alignas(void*) std::array<std::byte, 4 * sizeof(void*)> place_;
    resumption* parked_ = nullptr;
};

handler_pool::~handler_pool() = default;

void handler_pool::serve(handler_runner& runner, std::shared_ptr<void> keep_alive)
{
    jobs_.push_back({&runner, std::move(keep_alive)});
    // Whoever is at it already comes to this one, too.
    if (!starting_)
        start_jobs();
}

void handler_pool::start_jobs()
{
    const auto self = shared_from_this();
    struct guard {
        explicit guard(bool& f) : flag(f) { flag = true; }
        guard(const guard&) = delete;
        guard& operator=(const guard&) = delete;
        ~guard() { flag = false; }
        bool& flag;
    } const starting(starting_);
    while (first_ < jobs_.size()) {
        if (parked_.empty()) {
            add_worker();
            continue;
        }
        auto* const w = parked_.back();
        parked_.pop_back();
        w->wake();
    }
}

void handler_pool::add_worker()
{
    auto w = std::make_unique<worker>();
    auto* const me = w.get();
    asio::co_spawn(
        executor_, work(me),
        asio::bind_cancellation_slot(me->interrupt().slot(),
                                     // The signal must outlive the coroutine's last statement.
                                     [w = std::move(w)](const std::exception_ptr&) {}));
}

handler_pool::job handler_pool::next_job()
{
    if (first_ == jobs_.size())
        return {};
    auto next = std::move(jobs_[first_++]);
    if (first_ == jobs_.size()) {
        jobs_.clear();
        first_ = 0;
    }
    return next;
}

bool handler_pool::has_room() const noexcept
{
    return !closed_ && parked_.size() < kept_workers;
}

asio::awaitable<void> handler_pool::work(worker* me)
{
    // Not while parked: then the pool holds the coroutine.
    auto self = shared_from_this();
    for (;;) {
        job now = next_job();
        if (!now.runner) {
            if (!has_room())
                co_return;
            // An interruption of the last handler must not end this.
            co_await asio::this_coro::throw_if_cancelled(false);
            parked_.push_back(me);
            self.reset();
            co_await me->park();
            self = shared_from_this();
            continue;
        }
        while (now.runner->begin(me->interrupt())) {
            // What the handler before has set, or an interruption that came after its end, is not
            // for this one.
            co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
            co_await asio::this_coro::throw_if_cancelled(true);
            std::exception_ptr error;
            unfinished call(*now.runner);
            try {
                co_await now.runner->call();
            } catch (...) {
                error = std::current_exception();
            }
            call.finish();
            now.runner->completed(error);
        }
        now.runner->rest();
    }
}

void handler_pool::close()
{
    closed_ = true;
    for (auto* const w : std::exchange(parked_, {}))
        w->wake();
}

}  // namespace aiflow

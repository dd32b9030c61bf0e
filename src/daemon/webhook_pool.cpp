#include "daemon/webhook_pool.hpp"

#include "aiflow/log.hpp"
#include "transport/deadline.hpp"
#include "transport/link_opener.hpp"

#include <algorithm>
#include <utility>

namespace aiflow {

class webhook_pool::turn {
public:
    explicit turn(webhook_pool& pool) : pool_(pool) {}
    turn(const turn&) = delete;
    turn& operator=(const turn&) = delete;
    ~turn() { pool_.end_turn(); }

private:
    webhook_pool& pool_;
};

webhook_pool::webhook_pool(asio::any_io_executor executor, clock& time,
                           std::shared_ptr<const webhook_target> target)
    : executor_(std::move(executor)), time_(time), target_(std::move(target)),
      idle_begins_(executor_)
{
}

void webhook_pool::set_target(std::shared_ptr<const webhook_target> target)
{
    target_ = std::move(target);
    close_all();
    // There may be more turns than before.
    while (!waiting_.empty() && busy_ < target_->settings.max_connections) {
        ++busy_;
        end_turn();
    }
}

void webhook_pool::close_all()
{
    idle_.clear();
}

asio::awaitable<bool> webhook_pool::take_turn(clock::time_point by)
{
    if (waiting_.empty() && busy_ < target_->settings.max_connections) {
        ++busy_;
        co_return true;
    }
    const auto w = std::make_shared<waiter>(executor_);
    waiting_.push_back(w);
    co_await w->called.wait_until(time_, by);
    if (!w->granted)
        std::erase(waiting_, w);
    co_return w->granted;
}

void webhook_pool::end_turn()
{
    --busy_;
    if (waiting_.empty() || busy_ >= target_->settings.max_connections)
        return;
    const auto next = std::move(waiting_.front());
    waiting_.pop_front();
    ++busy_;
    next->granted = true;
    next->called.notify();
}

asio::awaitable<webhook_result> webhook_pool::post(std::string body)
{
    const bool throws = co_await asio::this_coro::throw_if_cancelled();
    co_await asio::this_coro::throw_if_cancelled(false);
    webhook_result result;
    const auto by = time_.now() + target_->settings.timeout;
    if (co_await take_turn(by)) {
        const turn mine(*this);
        // Not before: a reload may have come while this waited.
        result = co_await post_now(target_, std::move(body), by);
    } else {
        result.failure = target_->name() + ": all of webhook.max_connections were in use for too "
                                           "long";
    }
    const auto state = co_await asio::this_coro::cancellation_state;
    result.cancelled = is_cancelled(state);
    co_await asio::this_coro::throw_if_cancelled(throws);
    co_return result;
}

asio::awaitable<webhook_result> webhook_pool::post_now(std::shared_ptr<const webhook_target> target,
                                                       std::string body, clock::time_point by)
{
    webhook_result result;
    http_answer_limits limits;
    limits.body_bytes = target->settings.answer_bytes;
    auto connection = take_idle();
    for (bool used = connection != nullptr;; used = false) {
        if (!connection)
            connection = co_await connect(*target, by, result);
        if (!connection)
            co_return result;
        auto done = co_await connection->exchange(post_text(*target, body), limits, by);
        if (done.fault == http_fault::untaken && used) {
            connection.reset();
            continue;
        }
        if (done.fault != http_fault::none) {
            result.failure = target->name() + ": " + std::string(to_string(done.fault));
            co_return result;
        }
        result.answer = std::move(done.answer);
        if (result.answer.keep_alive)
            put_back(std::move(connection), target.get());
        co_return result;
    }
}

asio::awaitable<webhook_pool::connection_ptr>
webhook_pool::connect(const webhook_target& target, clock::time_point by, webhook_result& result)
{
    link_target to;
    to.url = target.url;
    to.ca_file = target.settings.ca_file;
    to.started = time_.now();
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(by - to.started);
    to.timeouts.total = std::min(target.settings.connect_timeout, left);
    auto opened = co_await open_link(time_, std::move(to));
    if (!opened) {
        result.failure = target.name() + ": " + to_string(opened.error());
        co_return nullptr;
    }
    co_return std::make_unique<http_client_connection>(*std::move(opened), time_);
}

webhook_pool::connection_ptr webhook_pool::take_idle()
{
    drop_old(time_.now());
    // The one that was used last is the least likely to have been closed by the app.
    while (!idle_.empty()) {
        auto connection = std::move(idle_.back().connection);
        idle_.pop_back();
        if (connection->idle())
            return connection;
    }
    return nullptr;
}

void webhook_pool::put_back(connection_ptr connection, const webhook_target* target)
{
    if (target != target_.get())
        return;
    idle_.push_back({std::move(connection), time_.now()});
    if (idle_.size() == 1)
        idle_begins_.notify();
}

void webhook_pool::drop_old(clock::time_point now)
{
    const auto keep = target_->settings.keep_alive;
    std::erase_if(idle_, [&](const idle_connection& c) { return now - c.since >= keep; });
}

asio::awaitable<void> webhook_pool::close_idle()
{
    co_await asio::this_coro::throw_if_cancelled(false);
    for (;;) {
        const auto state = co_await asio::this_coro::cancellation_state;
        if (is_cancelled(state))
            co_return;
        drop_old(time_.now());
        auto next = clock::time_point::max();
        if (!idle_.empty())
            next = idle_.front().since + target_->settings.keep_alive;
        // One wait for both: GCC 12 has been seen to break a loop that awaits in two branches.
        co_await idle_begins_.wait_until(time_, next);
    }
}

}  // namespace aiflow

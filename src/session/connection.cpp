#include "session/connection.hpp"

#include "session/dispatcher.hpp"
#include "session/session_state.hpp"
#include "transport/deadline.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <deque>
#include <utility>

namespace aiflow {

std::string describe(const stream_end& end)
{
    std::string text = end.error.message();
    if (end.close_code)
        text += ", close code " + std::to_string(end.close_code);
    if (!end.close_reason.empty())
        text += ": " + printable(end.close_reason);
    return text;
}

std::string in_seconds(clock::duration d)
{
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(d).count();
    return std::to_string(ms / 1000) + "." + std::to_string(ms % 1000 / 100);
}

connection::connection(std::unique_ptr<message_stream> stream, dispatcher& home, clock& time,
                       const logger& log, const connection_options& options, std::string label)
    : session_link(std::move(label)), stream_(std::move(stream)), home_(home), time_(time),
      log_(log), options_(options), queued_(stream_->get_executor()),
      written_(stream_->get_executor()), look_(stream_->get_executor()), opened_(time.now())
{
}

connection::~connection() = default;

checked<void> connection::queue(std::string_view session_id, std::span<const action> actions,
                                bool as_array)
{
    const std::size_t messages = as_array ? 1 : actions.size();
    if (filling_.size() + messages > options_.queue_messages ||
        filling_.bytes() >= options_.queue_bytes)
        return problem{make_error_code(errc::queue_full), "connection",
                       "too much waits to be written; the peer takes it too slowly"};
    filling_.add(session_id, actions, as_array);
    queued_.notify();
    return {};
}

bool connection::queue_sms(std::string_view session_id, const sms_attempt_key& key,
                           const send_sms& frame)
{
    if (stop_by_ || filling_.size() >= options_.queue_messages ||
        filling_.bytes() >= options_.queue_bytes)
        return false;
    filling_.add(session_id, key, frame);
    queued_.notify();
    return true;
}

void connection::stop(std::uint16_t code, std::string_view reason)
{
    if (stop_by_)
        return;
    stop_by_ = time_.now() + options_.close_timeout;
    close_code_ = code;
    close_reason_ = reason;
    queued_.notify();
    look_.notify();
}

void connection::abort() noexcept
{
    stream_->abort();
}

void connection::fail(errc why)
{
    if (!failed_)
        failed_ = why;
}

asio::awaitable<connection_end> connection::run()
{
    using namespace asio::experimental::awaitable_operators;
    co_await asio::this_coro::throw_if_cancelled(false);
    home_.attach(*this);
    co_await (read_all() || write_all() || watch());
    const bool cancelled = is_cancelled(co_await asio::this_coro::cancellation_state);

    connection_end result{stream_->end(), proven_, time_.now() - opened_};
    if (failed_)
        result.end.error = make_error_code(*failed_);
    else if (stop_by_ && !result.end.error)
        result.end.error = make_error_code(errc::closed_locally);
    // Sessions learn of the loss first, so that nothing is queued here any more.
    home_.detach(*this);
    for (const auto& m : filling_.messages())
        if (m.sms)
            home_.sms().not_written(*m.sms, false);

    if (failed_ || cancelled) {
        stream_->abort();
    } else {
        const auto by = stop_by_.value_or(time_.now() + options_.close_timeout);
        co_await stream_->close(close_code_ ? close_code_ : 1000, close_reason_, by);
    }
    co_return result;
}

asio::awaitable<void> connection::read_all()
{
    co_await asio::this_coro::throw_if_cancelled(false);
    for (;;) {
        auto batch = co_await stream_->read();
        if (!batch || is_cancelled(co_await asio::this_coro::cancellation_state))
            co_return;
        if (!co_await take(*batch))
            co_return;
        // A peer that does not take our answers gets no further questions answered.
        while (filling_.size() > options_.queue_messages / 2 ||
               filling_.bytes() > options_.queue_bytes / 2) {
            co_await written_.wait();
            if (is_cancelled(co_await asio::this_coro::cancellation_state))
                co_return;
        }
    }
}

asio::awaitable<bool> connection::take(std::span<const incoming_message> batch)
{
    std::deque<incoming_event> backlog;
    for (const auto& m : batch) {
        switch (m.kind) {
        case incoming_message::pong:
            proven_ = true;
            for (const auto& key : hand_off_.pong(m.data))
                home_.sms().handed_off(key);
            break;
        case incoming_message::binary:
            ++home_.environment().statistics.binary_messages;
            break;
        case incoming_message::text:
            auto full = home_.receive(*this, m.data, backlog);
            while (full) {
                co_await home_.make_room(*this, std::move(full));
                if (is_cancelled(co_await asio::this_coro::cancellation_state))
                    co_return false;
                full = home_.resume(*this, backlog);
            }
            break;
        }
    }
    co_return true;
}

void connection::mark_proven() noexcept
{
    proven_ = true;
}

asio::awaitable<void> connection::write_all()
{
    co_await asio::this_coro::throw_if_cancelled(false);
    for (;;) {
        if (filling_.empty() && !ping_due_) {
            if (stop_by_)
                co_return;
            co_await queued_.wait();
            if (is_cancelled(co_await asio::this_coro::cancellation_state))
                co_return;
            continue;
        }
        std::swap(filling_, writing_);
        std::vector<sms_attempt_key> proof_for;
        for (const auto& m : writing_.messages())
            if (m.sms)
                proof_for.push_back(*m.sms);
        std::optional<std::string_view> ping;
        if (std::exchange(ping_due_, false) || !proof_for.empty())
            ping = hand_off_.ping(std::move(proof_for));
        writing_since_ = time_.now();
        const auto result = co_await stream_->write(writing_.batch(ping));
        writing_since_.reset();
        account_for(result);
        writing_.clear();
        written_.notify();
        if (result.error)
            co_return;
    }
}

void connection::account_for(const write_result& result)
{
    std::size_t index = 0;
    for (const auto& m : writing_.messages()) {
        if (m.sms) {
            if (!result.error)
                home_.sms().written(*m.sms);
            else
                home_.sms().not_written(*m.sms, index < result.first_untouched);
        }
        ++index;
    }
}

// On a slow link a ping waits behind what went out before it. While that moves, the link is alive.
bool connection::extend(unanswered& ping, const stream_activity& seen) const
{
    if (!ping.behind || arrived(seen) <= ping.acknowledged)
        return false;
    ping.since = time_.now();
    ping.acknowledged = arrived(seen);
    ping.behind = under_way(seen);
    return true;
}

std::uint64_t connection::arrived(const stream_activity& seen) const noexcept
{
    return seen.bytes_out - std::min(seen.bytes_out, seen.bytes_under_way);
}

bool connection::under_way(const stream_activity& seen) const noexcept
{
    return seen.bytes_under_way > 0 || writing_since_.has_value();
}

asio::awaitable<void> connection::watch()
{
    co_await asio::this_coro::throw_if_cancelled(false);
    for (;;) {
        const auto now = time_.now();
        const auto seen = stream_->activity();
        const auto heard = std::max(seen.last_in, opened_);
        if (pinged_ && seen.bytes_in != pinged_->bytes_in)
            pinged_.reset();

        auto next = heard + options_.ping_interval;
        if (pinged_) {
            if (now >= pinged_->since + options_.pong_timeout && !extend(*pinged_, seen)) {
                fail(errc::pong_timeout);
                co_return;
            }
            next = pinged_->since + options_.pong_timeout;
        } else if (now >= next) {
            pinged_ = unanswered{now, seen.bytes_in, arrived(seen), under_way(seen)};
            ping_due_ = true;
            queued_.notify();
            next = now + options_.pong_timeout;
        }
        if (writing_since_) {
            const auto stalled = std::max(seen.last_out, *writing_since_) + options_.write_timeout;
            if (now >= stalled) {
                fail(errc::write_timeout);
                co_return;
            }
            next = std::min(next, stalled);
        }
        if (stop_by_) {
            if (now >= *stop_by_)
                co_return;
            next = std::min(next, *stop_by_);
        }
        co_await look_.wait_until(time_, next);
        if (is_cancelled(co_await asio::this_coro::cancellation_state))
            co_return;
    }
}

}  // namespace aiflow

#include "session/connection.hpp"

#include "protocol/without_numbers.hpp"
#include "session/dispatcher.hpp"
#include "session/session_state.hpp"
#include "transport/deadline.hpp"
#include "transport/exception_text.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <exception>
#include <utility>
#include <vector>

namespace aiflow {

std::string describe(const stream_end& end)
{
    std::string text = end.error.message();
    if (end.close_code)
        text += ", close code " + std::to_string(end.close_code);
    if (!end.close_reason.empty())
        text += ": " + printable(without_numbers(end.close_reason));
    return text;
}

std::string in_seconds(clock::duration d)
{
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(d).count();
    return std::to_string(ms / 1000) + "." + std::to_string(ms % 1000 / 100);
}

connection::connection(std::unique_ptr<message_stream> stream, dispatcher& home, clock& time,
                       const connection_options& options, std::string label)
    : session_link(std::move(label)), stream_(std::move(stream)), home_(home), time_(time),
      options_(options), opened_(time.now()), reading_since_(opened_)
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
    flush_soon();
    return {};
}

bool connection::queue_sms(std::string_view session_id, const sms_attempt_key& key, send_sms frame)
{
    if (over_ || stop_by_ || filling_.size() >= options_.queue_messages ||
        filling_.bytes() >= options_.queue_bytes)
        return false;
    filling_.add(session_id, key, std::move(frame));
    flush_soon();
    return true;
}

void connection::stop(std::uint16_t code, std::string_view reason)
{
    if (stop_by_)
        return;
    stop_by_ = time_.now() + options_.close_timeout;
    close_code_ = code;
    close_reason_ = reason;
    home_.times().advance(*this, *stop_by_);
    flush_soon();
}

void connection::abort()
{
    stream_->abort();
    end_reading();
    // Now, since the SMS may be settled by a stop before this connection has come to its end.
    take_back_sms();
}

// What waits will not be written any more.
void connection::take_back_sms()
{
    for (const auto& key : std::exchange(filling_, {}).attempts())
        home_.sms().not_written(key, false);
}

void connection::fail(error_code why)
{
    if (!failed_)
        failed_ = why;
    end_reading();
}

void connection::end_reading()
{
    if (std::exchange(over_, true))
        return;
    stream_->interrupt();
    for (auto* waiting : {over_event_.get(), relief_.get()})
        if (waiting != nullptr)
            waiting->notify();
}

asio::awaitable<connection_end> connection::run()
{
    const auto self = shared_from_this();
    co_await asio::this_coro::throw_if_cancelled(false);
    home_.attach(*this);
    home_.times().advance(*this, opened_ + options_.ping_interval);
    flush();
    try {
        while (!over_) {
            const auto read = co_await stream_->read();
            if (!read)
                break;
            auto batch = *read;
            backlog rest;
            auto full = take(batch, rest);
            paused_ = (full && !over_) || is_behind();
            if (full && !over_)
                co_await catch_up(batch, std::move(full), std::move(rest));
            if (is_behind())
                co_await await_relief();
            if (std::exchange(paused_, false))
                reading_since_ = time_.now();
            // Of no use behind the end of the stream, which then leaves in one segment with the
            // answer to the close frame.
            if (stream_->release_messages() && flush_posted_ && home_.turn().has_others())
                co_await home_.turn().others();
            const auto state = co_await asio::this_coro::cancellation_state;
            if (is_cancelled(state))
                break;
        }
    } catch (...) {
        // Whatever it was, the sessions have to learn that this connection is gone.
        taking_ = false;
        fail(error_of(std::current_exception()));
    }
    end_reading();
    const auto state = co_await asio::this_coro::cancellation_state;
    const bool cancelled = is_cancelled(state);
    if (writing_since_)
        co_await await_writer();

    const auto now = time_.now();
    connection_end result{stream_->end(), proven_, now - opened_,
                          now - std::max(stream_->activity().last_in, opened_)};
    if (failed_)
        result.end.error = failed_;
    else if (stop_by_ && !result.end.error)
        result.end.error = make_error_code(errc::closed_locally);
    // Sessions learn of the loss first, so that nothing is queued here any more.
    home_.detach(*this);
    take_back_sms();

    if (failed_ || cancelled) {
        stream_->abort();
    } else {
        if (!stop_by_)
            stop_by_ = time_.now() + options_.close_timeout;
        home_.times().advance(*this, *stop_by_);
        co_await stream_->close(close_code_ ? close_code_ : 1000, close_reason_,
                                clock::time_point::max());
    }
    co_return result;
}

// Takes what was read until a session's queue is full; what is left stays in `batch` and `rest`.
connection::session_ptr connection::take(std::span<const incoming_message>& batch, backlog& rest)
{
    taking_ = true;
    session_ptr full;
    const auto now = stream_->activity().last_in;
    while (!batch.empty() && !full) {
        const auto& m = batch.front();
        batch = batch.subspan(1);
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
            full = home_.receive(*this, m.data, now, rest);
            break;
        }
    }
    taking_ = false;
    if (!home_.turn().has_others() || is_behind())
        flush();
    else if (!filling_.empty() || stop_by_)
        flush_soon();
    return full;
}

asio::awaitable<void> connection::catch_up(std::span<const incoming_message> batch,
                                           session_ptr full, backlog rest)
{
    using namespace asio::experimental::awaitable_operators;
    co_await asio::this_coro::throw_if_cancelled(false);
    while (full) {
        co_await (home_.make_room(*this, std::move(full)) || over().wait());
        const auto state = co_await asio::this_coro::cancellation_state;
        if (over_ || is_cancelled(state))
            co_return;
        full = home_.resume(*this, time_.now(), rest);
        if (!full)
            full = take(batch, rest);
    }
}

// A peer that does not take our answers gets no further questions answered.
bool connection::is_behind() const noexcept
{
    return filling_.size() > options_.queue_messages / 2 ||
           filling_.bytes() > options_.queue_bytes / 2;
}

asio::awaitable<void> connection::await_relief()
{
    co_await asio::this_coro::throw_if_cancelled(false);
    while (is_behind() && !over_) {
        // Not in the condition: GCC 12 then expects the promise elsewhere than it is.
        const auto state = co_await asio::this_coro::cancellation_state;
        if (is_cancelled(state))
            co_return;
        co_await relief().wait();
    }
}

// It has been interrupted, so this takes no time.
asio::awaitable<void> connection::await_writer()
{
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    while (writing_since_)
        co_await relief().wait();
    co_await asio::this_coro::reset_cancellation_state(asio::enable_terminal_cancellation());
}

async_event& connection::relief()
{
    if (!relief_)
        relief_ = std::make_unique<async_event>(stream_->get_executor());
    return *relief_;
}

async_event& connection::over()
{
    if (!over_event_)
        over_event_ = std::make_unique<async_event>(stream_->get_executor());
    return *over_event_;
}

void connection::mark_proven() noexcept
{
    proven_ = true;
}

// Behind a peer that takes nothing, it could go out long after the end (reliability.md 3.6).
void connection::session_left(const session_state& s, bool call_over)
{
    if (!call_over || filling_.empty())
        return;
    for (const auto& key : filling_.drop(s.info.id))
        home_.sms().not_written(key, false);
}

void connection::flush_soon()
{
    if (taking_ || flush_posted_)
        return;
    home_.turn().write_later(shared_from_this());
    flush_posted_ = true;
}

void connection::write_queued()
{
    flush_posted_ = false;
    flush();
}

void connection::flush()
{
    while (!over_ && !writing_since_ && (!filling_.empty() || ping_due_))
        write();
    // What was queued before the stop has been written.
    if (stop_by_ && !writing_since_)
        end_reading();
}

void connection::write()
{
    std::swap(filling_, writing_);
    const auto done = stream_->begin_write(writing_.batch(ping_if_due()));
    if (done)
        return written(*done);
    const auto now = time_.now();
    writing_since_ = now;
    home_.times().advance(*this, now + options_.write_timeout);
    asio::co_spawn(stream_->get_executor(), finish_write(shared_from_this()), asio::detached);
}

asio::awaitable<void> connection::finish_write(std::shared_ptr<connection> self)
{
    const auto result = co_await self->stream_->finish_write();
    self->writing_since_.reset();
    self->written(result);
    self->flush();
}

// One ping behind a batch proves all the SMS in it.
std::optional<std::string_view> connection::ping_if_due()
{
    auto proof_for = writing_.attempts();
    if (!std::exchange(ping_due_, false) && proof_for.empty())
        return std::nullopt;
    return hand_off_.ping(std::move(proof_for));
}

void connection::written(const write_result& result)
{
    // Whoever throws when it is told, nothing is written twice.
    struct clear_at_end {
        explicit clear_at_end(outgoing_queue& q) noexcept : queue(q) {}
        clear_at_end(const clear_at_end&) = delete;
        clear_at_end& operator=(const clear_at_end&) = delete;
        ~clear_at_end() { queue.clear(); }
        outgoing_queue& queue;
    } const all_told(writing_);
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
    if (relief_)
        relief_->notify();
    if (result.error)
        end_reading();
}

}  // namespace aiflow

#include "sms/sms_sender.hpp"

#include "sms/sms_log.hpp"
#include "sms/sms_outbox_writer.hpp"
#include "sms/sms_tracker.hpp"
#include "sms/sms_waiter.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <exception>
#include <utility>

namespace aiflow {

namespace {

problem stopped()
{
    return {make_error_code(errc::shutting_down), "sms",
            "shutting down; the SMS is not waited for"};
}

problem interrupted()
{
    return {make_error_code(errc::interrupted), "sms",
            "the wait was cancelled; an SMS that was accepted goes on"};
}

}  // namespace

class sms_sender::impl : public std::enable_shared_from_this<impl> {
public:
    impl(asio::any_io_executor executor, clock& time, logger log, sms_host& host, outbox& store,
         const sms_rules& rules, std::uint64_t seed)
        : tracker(rules, seed, [this](auto what) { return log_.enabled(level_of(what)); }),
          host_(&host), executor_(std::move(executor)), time_(time), log_(std::move(log)),
          outbox_(store),
          keep_(std::chrono::duration_cast<std::chrono::seconds>(rules.client_ref_memory)),
          random_(~seed)
    {
        writer_ = std::make_shared<sms_outbox_writer>(
            executor_, outbox_,
            [this](sms_id id, unsigned step, error_code ec) { stored(id, step, ec); });
    }

    using pointer = std::shared_ptr<impl>;

    sms_moment now() const { return {time_.now(), time_.wall_now()}; }

    static asio::awaitable<error_code> start(pointer self)
    {
        auto records = co_await self->outbox_.load(self->keep_);
        if (!records)
            co_return records.error();
        for (const auto& r : *records)
            self->last_id_ = std::max(self->last_id_, r.id.value);
        self->tracker.restore(self->now(), std::move(*records));
        self->pump();
        co_return error_code{};
    }

    static asio::awaitable<checked<sms_ticket>> submit(pointer self, std::string session_id,
                                                       phone_number recipient, std::string text,
                                                       sms_options options)
    {
        if (self->closed_)
            co_return stopped();
        sms_submission message{self->next_id(), std::move(session_id), std::move(recipient),
                               std::move(text), std::move(options)};
        const auto receipt = self->tracker.submit(self->now(), std::move(message));
        if (!receipt)
            co_return receipt.error();
        const sms_ticket ticket = receipt->ticket;
        if (!receipt->pending)
            co_return ticket;
        // The answer may come while the commands are carried out.
        sms_waiter<checked<void>> answer(self->answers_, ticket.id);
        self->pump();
        if (!answer.result)
            co_await answer.wait(self->executor_);
        if (!answer.result)
            co_return self->closed_ ? stopped() : interrupted();
        if (!*answer.result)
            co_return answer.result->error();
        co_return ticket;
    }

    static asio::awaitable<checked<sms_outcome>> outcome(pointer self, sms_id id)
    {
        if (auto known = self->tracker.outcome(id))
            co_return std::move(*known);
        if (!self->tracker.knows(id))
            co_return problem{make_error_code(errc::invalid_value), "sms",
                              "no SMS with this id is known"};
        if (self->stopping_)
            co_return stopped();
        sms_waiter<sms_outcome> end(self->outcomes_, id);
        co_await end.wait(self->executor_);
        if (end.result)
            co_return std::move(*end.result);
        co_return self->stopping_ ? stopped() : interrupted();
    }

    static asio::awaitable<void> stop(pointer self)
    {
        if (!std::exchange(self->stopping_, true)) {
            self->tracker.stop(self->now());
            self->pump();
            self->cancel_sleep();
            sms_waiter<sms_outcome>::wake_all(self->outcomes_);
        }
        while (self->writer_->busy())
            co_await self->writer_->drained().async_wait(asio::as_tuple(asio::use_awaitable));
    }

    void close()
    {
        closed_ = stopping_ = true;
        writer_->forget_caller();
        cancel_sleep();
        sms_waiter<checked<void>>::wake_all(answers_);
        sms_waiter<sms_outcome>::wake_all(outcomes_);
    }

    // Carries out what the tracker has decided. What that leads to is done after it, in order, so
    // a host that calls back from inside changes nothing.
    void pump()
    {
        if (closed_ || std::exchange(pumping_, true))
            return;
        try {
            while (!closed_) {
                auto next = tracker.next_command();
                if (!next)
                    break;
                std::visit([this](auto& command) { carry_out(command); }, *next);
            }
        } catch (...) {  // whatever it was, the other messages must not stand still
            pumping_ = false;
            pump_later();
            throw;
        }
        pumping_ = false;
        sleep();
    }

    void pump_later()
    {
        asio::post(executor_, [weak = weak_from_this()] {
            if (const auto self = weak.lock())
                self->pump();
        });
    }

    bool goes_on_after_stop() const noexcept { return outbox_.outlasts_process(); }

    sms_tracker tracker;

private:
    // Ordered by time, and new even if the wall clock was set back (reliability.md 3.6).
    sms_id next_id()
    {
        constexpr unsigned random_bits = 20;
        const auto since_epoch = time_.wall_now().time_since_epoch();
        const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(since_epoch).count();
        const auto stamp = static_cast<std::uint64_t>(std::max<std::int64_t>(ms, 0)) << random_bits;
        last_id_ = std::max(last_id_ + 1, stamp | (random_() >> (64U - random_bits)));
        return {last_id_};
    }

    void carry_out(const sms_command::store& s)
    {
        writer_->write(tracker.record(s.id), s.when, s.step);
    }

    void carry_out(sms_command::transmit& t)
    {
        if (!host_->transmit(t.session_id, t.key, std::move(t.frame)))
            tracker.not_transmitted(now(), t.key);
    }

    void carry_out(const sms_command::answer& a)
    {
        sms_waiter<checked<void>>::wake(answers_, a.id, a.result);
    }

    void carry_out(const sms_command::rejected& r) { host_->rejected(r.session_id); }

    void carry_out(const sms_command::report& r)
    {
        sms_waiter<sms_outcome>::wake(outcomes_, r.outcome.id, r.outcome);
        host_->report(r.session_id, r.outcome);
    }

    void carry_out(const sms_command::note& n) { write_note(log_, n); }

    void stored(sms_id id, unsigned step, error_code ec)
    {
        if (ec)
            write_storage_error(log_, id, ec);
        tracker.stored(now(), id, step, ec);
        pump();
    }

    // One sleep at a time. It is replaced when something earlier comes up; when its deadline goes
    // away it merely wakes for nothing.
    void sleep()
    {
        const auto next = tracker.next_deadline();
        if (stopping_ || !next || (sleep_ && until_ <= *next))
            return;
        cancel_sleep();
        until_ = *next;
        sleep_ = std::make_shared<asio::cancellation_signal>();
        const auto on_end = [self = shared_from_this(), mine = sleep_](std::exception_ptr,
                                                                       error_code) {
            self->release_later(mine);
            if (self->sleep_ == mine)
                self->woken();
        };
        asio::co_spawn(executor_, time_.sleep_until(until_),
                       asio::bind_cancellation_slot(sleep_->slot(), on_end));
    }

    // The signal has to live until the frame of the coroutine that it belongs to is gone.
    void release_later(std::shared_ptr<asio::cancellation_signal> signal)
    {
        asio::post(executor_, [kept = std::move(signal)] {});
    }

    void woken()
    {
        sleep_.reset();
        pump();  // what a failure has left to be done later
        tracker.tick(now());
        pump();
    }

    // Posted, since a coroutine that is cancelled before its first step throws out of the executor.
    void cancel_sleep()
    {
        if (auto old = std::exchange(sleep_, nullptr))
            asio::post(executor_,
                       [old = std::move(old)] { old->emit(asio::cancellation_type::terminal); });
    }

    sms_host* host_;
    asio::any_io_executor executor_;
    clock& time_;
    logger log_;
    outbox& outbox_;
    std::chrono::seconds keep_;
    std::mt19937_64 random_;
    std::uint64_t last_id_ = 0;

    std::shared_ptr<sms_outbox_writer> writer_;
    sms_waiter<checked<void>>::list answers_;
    sms_waiter<sms_outcome>::list outcomes_;
    std::shared_ptr<asio::cancellation_signal> sleep_;
    clock::time_point until_;
    bool pumping_ = false;
    bool stopping_ = false;
    bool closed_ = false;
};

sms_sender::sms_sender(asio::any_io_executor executor, clock& time, logger log, sms_host& host,
                       outbox& store, sms_rules rules, std::uint64_t seed)
    : impl_(std::make_shared<impl>(std::move(executor), time, std::move(log), host, store, rules,
                                   seed))
{
}

sms_sender::~sms_sender()
{
    impl_->close();
}

asio::awaitable<error_code> sms_sender::start()
{
    return impl::start(impl_);
}

asio::awaitable<checked<sms_ticket>> sms_sender::submit(std::string session_id,
                                                        phone_number recipient, std::string text,
                                                        sms_options options)
{
    return impl::submit(impl_, std::move(session_id), std::move(recipient), std::move(text),
                        std::move(options));
}

bool sms_sender::cancel(sms_id id)
{
    const bool done = impl_->tracker.cancel(impl_->now(), id);
    impl_->pump();
    return done;
}

asio::awaitable<checked<sms_outcome>> sms_sender::outcome(sms_id id)
{
    return impl::outcome(impl_, id);
}

void sms_sender::session_up(std::string_view session_id)
{
    impl_->tracker.session_up(impl_->now(), session_id);
    impl_->pump();
}

void sms_sender::session_gap(std::string_view session_id)
{
    impl_->tracker.session_gap(impl_->now(), session_id);
    impl_->pump();
}

void sms_sender::session_over(std::string_view session_id, bool vendor_reachable)
{
    impl_->tracker.session_over(impl_->now(), session_id, vendor_reachable);
    impl_->pump();
}

void sms_sender::session_transferred(std::string_view session_id)
{
    impl_->tracker.session_transferred(impl_->now(), session_id);
}

void sms_sender::session_answerable(std::string_view session_id)
{
    impl_->tracker.session_answerable(impl_->now(), session_id);
    impl_->pump();
}

void sms_sender::vendor_reachable(bool reachable)
{
    impl_->tracker.vendor_reachable(impl_->now(), reachable);
    impl_->pump();
}

void sms_sender::written(const sms_attempt_key& key)
{
    impl_->tracker.written(impl_->now(), key);
    impl_->pump();
}

void sms_sender::not_written(const sms_attempt_key& key, bool touched)
{
    impl_->tracker.not_written(impl_->now(), key, touched);
    impl_->pump();
}

void sms_sender::handed_off(const sms_attempt_key& key)
{
    impl_->tracker.handed_off(impl_->now(), key);
    impl_->pump();
}

sms_failure sms_sender::failed(std::string_view session_id, const sms_failed& e)
{
    auto result = impl_->tracker.failed(impl_->now(), session_id, e);
    impl_->pump_later();
    return result;
}

bool sms_sender::knows_session(std::string_view session_id) const
{
    return impl_->tracker.knows_session(session_id);
}

bool sms_sender::has_open(std::string_view session_id) const
{
    return impl_->tracker.has_open(session_id);
}

void sms_sender::flush_held(std::string_view session_id)
{
    impl_->tracker.flush_held(impl_->now(), session_id);
    impl_->pump();
}

sms_statistics sms_sender::statistics() const
{
    return impl_->tracker.statistics();
}

bool sms_sender::goes_on_after_stop() const noexcept
{
    return impl_->goes_on_after_stop();
}

asio::awaitable<void> sms_sender::stop()
{
    return impl::stop(impl_);
}

}  // namespace aiflow

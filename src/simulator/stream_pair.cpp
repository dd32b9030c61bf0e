#include "simulator/stream_pair.hpp"
#include "simulator/memory_wire.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <new>
#include <utility>
#include <vector>

namespace aiflow::simulator {

namespace {

// Waits until the timer is cancelled to wake it; true when it was the operation that was cancelled.
asio::awaitable<bool> cancelled_in(asio::steady_timer& wake)
{
    const auto state = co_await asio::this_coro::cancellation_state;
    const auto before = state.cancelled();
    co_await wake.async_wait(asio::as_tuple(asio::use_awaitable));
    co_return state.cancelled() != before;
}

class memory_stream final : public message_stream {
public:
    memory_stream(std::shared_ptr<memory_wire> wire, std::size_t side, clock& time)
        : wire_(std::move(wire)), side_(side), time_(time)
    {
    }
    memory_stream(const memory_stream&) = delete;
    memory_stream& operator=(const memory_stream&) = delete;
    ~memory_stream() override { wire_->drop(side_); }

    asio::any_io_executor get_executor() override { return me().read_wake.get_executor(); }
    asio::awaitable<boost::system::result<std::span<const incoming_message>>> read() override;
    bool release_messages() override;
    std::optional<write_result> begin_write(std::span<const outgoing_message> batch) override
    {
        batch_ = batch;
        if (!me().writes_at_once || me().stalled)
            return std::nullopt;
        return write_now();
    }
    asio::awaitable<write_result> finish_write() override;
    void interrupt() override;
    asio::awaitable<void> close(std::uint16_t code, std::string_view reason,
                                clock::time_point deadline) override;
    void abort() noexcept override { wire_->drop(side_); }
    stream_end end() const override { return me().end.value_or(stream_end{}); }
    stream_activity activity() const noexcept override { return me().activity; }
    std::uint64_t bytes_under_way() const noexcept override { return me().bytes_under_way; }

private:
    memory_end& me() const noexcept { return wire_->end(side_); }
    void take_all();
    void hand_over(std::span<const outgoing_message> batch);
    write_result write_now();
    asio::awaitable<void> await_close_frame();

    std::shared_ptr<memory_wire> wire_;
    std::size_t side_;
    clock& time_;
    std::span<const outgoing_message> batch_;
    bool interrupted_ = false;
    std::vector<memory_frame> frames_;        // what the last read gave out
    std::vector<incoming_message> messages_;  // the same, as views
};

void memory_stream::take_all()
{
    memory_stream::release_messages();
    while (auto frame = wire_->take(side_))
        frames_.push_back(std::move(*frame));
    for (const memory_frame& f : frames_) {
        const auto kind = f.kind == memory_frame::pong     ? incoming_message::pong
                          : f.kind == memory_frame::binary ? incoming_message::binary
                                                           : incoming_message::text;
        messages_.push_back({kind, f.data});
    }
    me().held = messages_.size();
}

bool memory_stream::release_messages()
{
    frames_.clear();
    messages_.clear();
    me().held = 0;
    return !me().end || !me().inbox.empty();
}

asio::awaitable<boost::system::result<std::span<const incoming_message>>> memory_stream::read()
{
    if (std::exchange(me().out_of_memory, false))
        throw std::bad_alloc();
    if (me().read_fails_in > 0 && --me().read_fails_in == 0) {
        me().inbox.clear();
        wire_->lose(side_, me().read_fault);
    }
    for (;;) {
        take_all();
        if (!messages_.empty())
            co_return std::span<const incoming_message>(messages_);
        if (me().end)
            co_return me().end->error;
        if (interrupted_)
            co_return error_code(asio::error::operation_aborted);
        const bool cancelled = co_await cancelled_in(me().read_wake);
        if (cancelled && me().inbox.empty())
            co_return error_code(asio::error::operation_aborted);
    }
}

void memory_stream::hand_over(std::span<const outgoing_message> batch)
{
    for (const outgoing_message& m : batch) {
        const bool ping = m.kind == outgoing_message::ping;
        ++(ping ? me().pings : me().texts);
        wire_->send(side_,
                    {ping ? memory_frame::ping : memory_frame::text, std::string(m.data), 0});
        if (!ping && me().drops_in && --*me().drops_in == 0) {
            me().drops_in.reset();
            wire_->lose(side_, errc::connection_lost);
        }
    }
}

void memory_stream::interrupt()
{
    interrupted_ = true;
    me().read_wake.cancel();
    me().write_wake.cancel();
}

write_result memory_stream::write_now()
{
    const auto batch = batch_;
    if (me().broken || me().close_sent)
        return {me().end ? me().end->error : make_error_code(errc::closed_locally), 0};
    if (me().write_fails_in > 0 && --me().write_fails_in == 0) {
        const write_fault fault = me().write_failure;
        hand_over(batch.first(std::min(fault.delivered, batch.size())));
        wire_->lose(side_, fault.error);
        return {fault.error,
                std::min(std::max(fault.first_untouched, fault.delivered), batch.size())};
    }
    hand_over(batch);
    return {{}, batch.size()};
}

asio::awaitable<write_result> memory_stream::finish_write()
{
    while (me().stalled && !me().broken && !me().close_sent) {
        const bool cancelled = co_await cancelled_in(me().write_wake);
        if (cancelled || interrupted_) {
            wire_->lose(side_, asio::error::operation_aborted);
            co_return write_result{asio::error::operation_aborted, batch_.size()};
        }
    }
    const write_result result = write_now();
    if (!result.error)
        co_await asio::post(me().write_wake.get_executor(), asio::use_awaitable);
    co_return result;
}

asio::awaitable<void> memory_stream::await_close_frame()
{
    for (;;) {
        take_all();  // what comes before the peer's close frame is nobody's any more
        if (me().end)
            co_return;
        const bool cancelled = co_await cancelled_in(me().read_wake);
        if (cancelled)
            co_return;
    }
}

asio::awaitable<void> memory_stream::close(std::uint16_t code, std::string_view reason,
                                           clock::time_point deadline)
{
    using namespace asio::experimental::awaitable_operators;

    if (!me().broken)
        wire_->send_close(side_, code, reason);
    if (!me().end) {
        co_await (await_close_frame() || time_.sleep_until(deadline));
        // The peer's code and reason stay, but it was this end that closed.
        if (me().end && me().end->error == errc::closed_by_peer)
            me().end->error = errc::closed_locally;
    }
    wire_->drop(side_);
}

}  // namespace

stream_pair::stream_pair(const asio::any_io_executor& executor, clock& time)
    : stream_pair(std::make_shared<memory_wire>(executor, time), time)
{
}

stream_pair::stream_pair(const std::shared_ptr<memory_wire>& wire, clock& time)
    : near(std::make_unique<memory_stream>(wire, 0, time)),
      far(std::make_unique<memory_stream>(wire, 1, time)), near_control(wire, 0),
      far_control(wire, 1)
{
}

}  // namespace aiflow::simulator

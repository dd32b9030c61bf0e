#include "transport/websocket_stream.hpp"

#include "transport/deadline.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <utility>

namespace aiflow {
namespace {

// A batch that is larger goes out in parts, so that memory stays bounded.
constexpr std::size_t output_part = std::size_t{256} * 1024;

}  // namespace

websocket_stream::websocket_stream(byte_link link, websocket_codec codec,
                                   const stream_limits& limits, clock& time, std::string_view early)
    : link_(std::move(link)), codec_(std::move(codec)), reader_(codec_, limits), time_(time),
      sent_all_(link_.get_executor(), asio::steady_timer::time_point::max())
{
    feed(early);
}

void websocket_stream::feed(std::string_view bytes)
{
    reader_.feed(bytes);
    if (const auto& e = reader_.end(); e && !end_.error)
        end_ = {e->error, e->close_code, e->close_reason};
}

void websocket_stream::end_with(error_code ec)
{
    if (!end_.error)
        end_.error = ec;
}

asio::awaitable<boost::system::result<std::span<const incoming_message>>> websocket_stream::read()
{
    const bool throws = co_await asio::this_coro::throw_if_cancelled();
    co_await asio::this_coro::throw_if_cancelled(false);
    release_messages();
    send_in_background();  // answers to what came behind the handshake
    error_code cancelled;
    while (!reader_.has_messages() && !end_.error) {
        const auto state = co_await asio::this_coro::cancellation_state;
        if (interrupted_ || is_cancelled(state)) {
            cancelled = asio::error::operation_aborted;
            break;
        }
        const auto [ec, size] = co_await link_.async_receive();
        std::string_view bytes;
        const auto end = link_.received(ec, size, bytes);
        take_input(bytes, end);
    }
    co_await asio::this_coro::throw_if_cancelled(throws);
    handed_out_ = reader_.has_messages();
    if (handed_out_)
        co_return reader_.messages();
    co_return end_.error ? end_.error : cancelled;
}

bool websocket_stream::release_messages()
{
    // Not what came behind the handshake, which nobody has seen yet.
    if (std::exchange(handed_out_, false))
        reader_.next_batch();
    return !end_.error;
}

void websocket_stream::take_input(std::string_view bytes, error_code ec)
{
    feed(bytes);
    // However it ends without a close frame, it means the same for whoever has calls on it.
    if (ec && ec != asio::error::would_block && ec != asio::error::operation_aborted)
        end_with(make_error_code(errc::connection_lost));
    if (reader_.end())
        hold_close_frame();
    send_in_background();
}

// Ours is the last frame: for an owner that closes at once it leaves with the end of the stream, in
// one segment.
void websocket_stream::hold_close_frame()
{
    link_.hold_for_end();
    asio::post(get_executor(), [self = shared_from_this()] { self->link_.release(); });
}

void websocket_stream::encode(const outgoing_message& m)
{
    if (m.kind == outgoing_message::ping)
        codec_.ping(m.data);
    else
        codec_.text(m.data);
}

std::optional<write_result> websocket_stream::begin_write(std::span<const outgoing_message> batch)
{
    starts_.clear();
    for (const auto& m : batch)
        if (m.kind == outgoing_message::ping && m.data.size() > max_control_payload)
            return write_result{make_error_code(errc::invalid_value), 0};
    batch_ = batch;
    if (!write_error_ && end_.error)
        write_error_ = end_.error;
    while (!write_error_ && !sending_ && starts_.size() < batch.size()) {
        encode_part();
        send_some();
        if (has_output())
            break;
    }
    if (!write_error_ && (has_output() || starts_.size() < batch.size()))
        return std::nullopt;
    return result();
}

asio::awaitable<write_result> websocket_stream::finish_write()
{
    const bool throws = co_await asio::this_coro::throw_if_cancelled();
    co_await asio::this_coro::throw_if_cancelled(false);
    for (;;) {
        co_await send_output(false);
        if (write_error_ || starts_.size() == batch_.size())
            break;
        encode_part();
    }
    co_await asio::this_coro::throw_if_cancelled(throws);
    co_return result();
}

// A batch that is large is encoded in parts.
void websocket_stream::encode_part()
{
    while (starts_.size() < batch_.size() && codec_.output().size() < output_part) {
        starts_.push_back(sent_ + codec_.output().size());
        encode(batch_[starts_.size() - 1]);
    }
}

write_result websocket_stream::result()
{
    // It is the caller's, and may go from here on.
    const auto count = std::exchange(batch_, {}).size();
    if (!write_error_)
        return {{}, count};
    const auto untouched =
        std::find_if(starts_.begin(), starts_.end(), [this](auto start) { return start >= sent_; });
    return {write_error_, static_cast<std::size_t>(untouched - starts_.begin())};
}

// Hands over what the kernel takes now. An error is kept.
void websocket_stream::send_some()
{
    const auto output = codec_.output();
    error_code ec;
    const auto n = link_.send(output, ec);
    const bool all = n == output.size();
    sent_ += n;
    codec_.consume(n);
    if (all)
        reader_.pay_owed_pong();
    if (ec && ec != asio::error::would_block)
        write_error_ = make_error_code(errc::connection_lost);
}

asio::awaitable<void> websocket_stream::send_output(bool in_background)
{
    while (!write_error_ && has_output()) {
        if (!in_background && interrupted_) {
            write_error_ = asio::error::operation_aborted;
            co_return;
        }
        if (sending_) {
            const auto state = co_await asio::this_coro::cancellation_state;
            if (is_cancelled(state)) {
                write_error_ = asio::error::operation_aborted;
                co_return;
            }
            co_await sent_all_.async_wait(asio::as_tuple(asio::use_awaitable));
            continue;
        }
        send_some();
        if (write_error_ || !has_output())
            co_return;
        sending_ = true;
        const auto ec = co_await link_.writable();
        sending_ = false;
        sent_all_.cancel();
        // Answers to the peer's pings go out also while the owner is being interrupted.
        const bool goes_on = interrupted_ && ec == asio::error::operation_aborted;
        if (ec && !goes_on && !write_error_)
            write_error_ = end_.error ? end_.error : ec;
    }
}

asio::awaitable<void> websocket_stream::send_rest()
{
    // Held for as long as this waits: the owner may have gone.
    const auto self = shared_from_this();
    co_await send_output(true);
}

void websocket_stream::interrupt()
{
    interrupted_ = true;
    link_.cancel();
    sent_all_.cancel();
}

// Answers go out without anybody waiting for them, unless somebody is waiting already.
void websocket_stream::send_in_background()
{
    if (sending_ || write_error_ || !has_output())
        return;
    send_some();
    if (!write_error_ && has_output())
        asio::co_spawn(get_executor(), send_rest(), asio::detached);
}

asio::awaitable<void> websocket_stream::close(std::uint16_t code, std::string_view reason,
                                              clock::time_point deadline)
{
    const bool throws = co_await asio::this_coro::throw_if_cancelled();
    co_await asio::this_coro::throw_if_cancelled(false);
    // Whoever has a timetable needs no timer here; thousands may close at the same moment.
    if (deadline == clock::time_point::max())
        co_await part(code, reason);
    else
        co_await with_deadline(time_, deadline, part(code, reason));
    co_await asio::this_coro::throw_if_cancelled(throws);
    abort();
}

asio::awaitable<error_code> websocket_stream::part(std::uint16_t code, std::string_view reason)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    interrupted_ = false;
    if (!end_.error) {
        codec_.close(code, reason);
        reader_.expect_only_close();
        end_.error = make_error_code(errc::closed_locally);
    }
    if (!write_error_ && has_output())
        co_await send_output(false);
    const bool ours_came_first = end_.error == errc::closed_locally;
    bool waits_for_answer = ours_came_first && !write_error_;
    if (!waits_for_answer)
        link_.end_output();
    // A socket that is closed with something unread resets the connection, and the peer may never
    // see our close frame; so its end is read, too.
    for (;;) {
        const auto state = co_await asio::this_coro::cancellation_state;
        if (is_cancelled(state))
            co_return asio::error::operation_aborted;
        const auto [failed, size] = co_await link_.async_receive();
        std::string_view bytes;
        const auto ec = link_.received(failed, size, bytes);
        reader_.feed(bytes);
        if (waits_for_answer && reader_.end()) {
            end_.close_code = reader_.end()->close_code;
            end_.close_reason = reader_.end()->close_reason;
            waits_for_answer = false;
            link_.end_output();
        }
        if (ec && ec != asio::error::would_block)
            co_return ec;
    }
}

stream_end websocket_stream::end() const
{
    auto result = end_;
    if (!result.error)
        result.error = write_error_;
    return result;
}

void websocket_stream::abort() noexcept
{
    if (!end_.error)
        end_.error = make_error_code(errc::closed_locally);
    if (!write_error_)
        write_error_ = end_.error;
    link_.close();
    sent_all_.cancel();
}

namespace {

class owned_stream final : public message_stream {
public:
    explicit owned_stream(std::shared_ptr<websocket_stream> stream) : stream_(std::move(stream)) {}
    owned_stream(const owned_stream&) = delete;
    owned_stream& operator=(const owned_stream&) = delete;
    ~owned_stream() override { stream_->abort(); }

    asio::any_io_executor get_executor() override { return stream_->get_executor(); }

    asio::awaitable<boost::system::result<std::span<const incoming_message>>> read() override
    {
        return stream_->read();
    }

    bool release_messages() override { return stream_->release_messages(); }

    std::optional<write_result> begin_write(std::span<const outgoing_message> batch) override
    {
        return stream_->begin_write(batch);
    }

    asio::awaitable<write_result> finish_write() override { return stream_->finish_write(); }
    void interrupt() override { stream_->interrupt(); }

    asio::awaitable<void> close(std::uint16_t code, std::string_view reason,
                                clock::time_point deadline) override
    {
        return stream_->close(code, reason, deadline);
    }

    void abort() noexcept override { stream_->abort(); }
    stream_end end() const override { return stream_->end(); }
    stream_activity activity() const noexcept override { return stream_->activity(); }
    std::uint64_t bytes_under_way() const noexcept override { return stream_->bytes_under_way(); }

private:
    std::shared_ptr<websocket_stream> stream_;
};

}  // namespace

std::unique_ptr<message_stream> make_message_stream(std::shared_ptr<websocket_stream> stream)
{
    return std::make_unique<owned_stream>(std::move(stream));
}

}  // namespace aiflow

#include "step_stream.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <algorithm>

namespace aiflow::test {

namespace {

using namespace std::chrono_literals;

asio::awaitable<void> go_on_later(simulator::stream_control control, clock* time)
{
    co_await time->sleep_until(time->now() + 3s);
    control.stall_writes(false);
}

}  // namespace

step_stream::step_stream(simulator::stream_pair& pair, std::size_t number, clock& time,
                         fault_point& point, sweep_log& log)
    : inner_(std::move(pair.near)), near_(pair.near_control), far_(pair.far_control),
      number_(number), time_(time), point_(point), log_(log)
{
}

void step_stream::fail_read(const fault& f)
{
    switch (f.how) {
    case fault_way::data_lost:
        return near_.fail_read(1);
    case fault_way::reset:
        return near_.reset();
    case fault_way::half_close:
        return far_.half_close();
    case fault_way::peer_closes:
        return far_.send_close(f.code, "because of the test");
    case fault_way::binary:
        return far_.send_binary("no event");
    default:
        return far_.drop_after(1);
    }
}

asio::awaitable<boost::system::result<std::span<const incoming_message>>> step_stream::read()
{
    for (;;) {
        if (given_ < kept_.size())
            co_return give();
        if (const auto f = point_.step(step_kind::read))
            fail_read(*f);
        const auto got = co_await inner_->read();
        if (!got)
            co_return got.error();
        keep(*got);
    }
}

void step_stream::keep(std::span<const incoming_message> batch)
{
    kept_.clear();
    given_ = 0;
    for (const auto& m : batch)
        if (m.kind != incoming_message::pong || !point_.step(step_kind::pong))
            kept_.push_back(m);
}

std::span<const incoming_message> step_stream::give()
{
    const auto rest = std::span<const incoming_message>(kept_).subspan(given_);
    const auto now = singly_ ? rest.first(1) : rest;
    given_ += now.size();
    for (const auto& m : now)
        if (m.kind == incoming_message::text)
            log_.notes.push_back({.kind = sweep_note::received,
                                  .at = time_.now(),
                                  .text = std::string(m.data),
                                  .connection = number_});
    return now;
}

void step_stream::fail_write(const fault& f, std::size_t messages)
{
    const std::size_t half = messages / 2;
    switch (f.how) {
    case fault_way::nothing_written:
        return near_.fail_write(1, {errc::connection_lost, 0, 0});
    case fault_way::cut_in_middle:
        return near_.fail_write(1, {errc::connection_lost, 0, 1});
    case fault_way::part_written:
        return near_.fail_write(1, {errc::connection_lost, half, half + 1});
    case fault_way::all_written:
        return near_.fail_write(1, {errc::connection_lost, messages, messages});
    case fault_way::black_hole:
        return near_.mute(true);
    case fault_way::cut_after:
        return near_.drop_after(1);
    case fault_way::stall:
        return near_.stall_writes(true);
    default:
        near_.stall_writes(true);
        asio::co_spawn(get_executor(), go_on_later(near_, &time_), asio::detached);
    }
}

std::optional<write_result> step_stream::begin_write(std::span<const outgoing_message> batch)
{
    for (const auto& m : batch)
        if (m.kind == outgoing_message::text)
            log_.notes.push_back({.kind = sweep_note::written,
                                  .at = time_.now(),
                                  .text = std::string(m.data),
                                  .connection = number_});
    const bool pings = std::any_of(batch.begin(), batch.end(), [](const outgoing_message& m) {
        return m.kind == outgoing_message::ping;
    });
    if (pings && point_.step(step_kind::ping))
        far_.mute(true);
    if (const auto f = point_.step(step_kind::write))
        fail_write(*f, batch.size());
    batch_ = batch;
    const auto done = inner_->begin_write(batch);
    if (done)
        note_unwritten(*done);
    return done;
}

asio::awaitable<write_result> step_stream::finish_write()
{
    const auto result = co_await inner_->finish_write();
    note_unwritten(result);
    co_return result;
}

void step_stream::note_unwritten(const write_result& result)
{
    if (!result.error)
        return;
    for (const auto& m : batch_.subspan(std::min(result.first_untouched, batch_.size())))
        if (m.kind == outgoing_message::text)
            log_.notes.push_back({.kind = sweep_note::unwritten,
                                  .at = time_.now(),
                                  .text = std::string(m.data),
                                  .connection = number_});
}

asio::awaitable<void> step_stream::close(std::uint16_t code, std::string_view reason,
                                         clock::time_point deadline)
{
    leave();
    if (const auto f = point_.step(step_kind::close)) {
        if (f->how == fault_way::close_ignored)
            far_.mute(true);
        else
            near_.reset();
    }
    return inner_->close(code, reason, deadline);
}

void step_stream::abort() noexcept
{
    leave();
    inner_->abort();
}

void step_stream::leave()
{
    if (!std::exchange(left_, true))
        log_.notes.push_back({.kind = sweep_note::left, .at = time_.now(), .connection = number_});
}

}  // namespace aiflow::test

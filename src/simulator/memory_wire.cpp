#include "simulator/memory_wire.hpp"

namespace aiflow::simulator {

namespace {

// The size of a frame's header is of no interest, but a frame is never nothing.
std::uint64_t wire_size(const memory_frame& f)
{
    return f.data.size() + 2;
}

}  // namespace

void memory_wire::send(std::size_t from, memory_frame frame)
{
    memory_end& sender = ends_[from];
    memory_end& receiver = ends_[other(from)];
    sender.activity.last_out = time_.now();
    sender.activity.bytes_out += wire_size(frame);
    if (sender.bytes_under_way > 0)
        sender.bytes_under_way += wire_size(frame);
    if (sender.muted || sender.broken || receiver.dropped)
        return;
    receiver.inbox.push_back(std::move(frame));
    receiver.read_wake.cancel();
}

std::optional<memory_frame> memory_wire::take(std::size_t side)
{
    memory_end& me = ends_[side];
    while (!me.inbox.empty()) {
        memory_frame frame = std::move(me.inbox.front());
        me.inbox.pop_front();
        me.activity.last_in = time_.now();
        me.activity.bytes_in += wire_size(frame);
        switch (frame.kind) {
        case memory_frame::ping:
            if (!me.swallows_pongs && !me.close_sent)
                send(side, {memory_frame::pong, std::move(frame.data)});
            break;
        case memory_frame::close:
            send_close(side, frame.close_code, {});
            me.inbox.clear();
            me.end = stream_end{errc::closed_by_peer, frame.close_code, std::move(frame.data)};
            break;
        default:
            return frame;
        }
    }
    return std::nullopt;
}

void memory_wire::send_close(std::size_t side, std::uint16_t code, std::string_view reason)
{
    memory_end& me = ends_[side];
    if (me.close_sent)
        return;
    send(side, {memory_frame::close, std::string(reason), code});
    me.close_sent = true;
    me.write_wake.cancel();
}

void memory_wire::finish(memory_end& e, error_code error, bool breaks)
{
    if (!e.end)
        e.end = stream_end{error, 0, {}};
    e.broken = e.broken || breaks;
    e.read_wake.cancel();
    e.write_wake.cancel();
}

void memory_wire::lose(std::size_t side, error_code error)
{
    finish(ends_[side], error, true);
    finish(ends_[other(side)], errc::connection_lost, true);
}

void memory_wire::drop(std::size_t side) noexcept
{
    memory_end& me = ends_[side];
    if (std::exchange(me.dropped, true))
        return;
    me.inbox.clear();
    lose(side, errc::closed_locally);
}

void stream_control::fail_read(std::size_t nth, error_code error)
{
    wire_->end(side_).read_fails_in = nth;
    wire_->end(side_).read_fault = error;
}

void stream_control::exhaust()
{
    wire_->end(side_).out_of_memory = true;
}

void stream_control::fail_write(std::size_t nth, write_fault fault)
{
    wire_->end(side_).write_fails_in = nth;
    wire_->end(side_).write_failure = fault;
}

void stream_control::drop_after(std::size_t messages)
{
    wire_->end(side_).drops_in = messages;
    if (messages == 0)
        reset();
}

void stream_control::mute(bool on)
{
    wire_->end(side_).muted = on;
}

void stream_control::hold_up(std::uint64_t bytes)
{
    auto& end = wire_->end(side_);
    end.activity.bytes_out = std::max(end.activity.bytes_out, bytes);
    end.bytes_under_way = bytes;
}

void stream_control::swallow_pongs(bool on)
{
    wire_->end(side_).swallows_pongs = on;
}

void stream_control::stall_writes(bool on)
{
    wire_->end(side_).stalled = on;
    wire_->end(side_).write_wake.cancel();
}

void stream_control::write_at_once(bool on)
{
    wire_->end(side_).writes_at_once = on;
}

void stream_control::reset()
{
    wire_->lose(side_, errc::connection_lost);
}

void stream_control::half_close()
{
    memory_end& peer = wire_->end(1 - side_);
    wire_->end(side_).muted = true;
    if (!peer.end)
        peer.end = stream_end{errc::connection_lost, 0, {}};
    peer.read_wake.cancel();
}

void stream_control::send_close(std::uint16_t code, std::string_view reason)
{
    wire_->send_close(side_, code, reason);
}

void stream_control::send_binary(std::string_view data)
{
    wire_->send(side_, {memory_frame::binary, std::string(data)});
}

std::size_t stream_control::texts_written() const noexcept
{
    return wire_->end(side_).texts;
}

std::size_t stream_control::messages_held() const noexcept
{
    return wire_->end(side_).held;
}

std::size_t stream_control::pings_written() const noexcept
{
    return wire_->end(side_).pings;
}

bool stream_control::dropped() const noexcept
{
    return wire_->end(side_).dropped;
}

}  // namespace aiflow::simulator

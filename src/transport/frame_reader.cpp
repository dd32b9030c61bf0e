#include "transport/frame_reader.hpp"

#include "protocol/utf8.hpp"

#include <algorithm>
#include <utility>

namespace aiflow {
namespace {

// More than this waiting to be sent means that the peer does not read its pongs.
constexpr std::size_t much_output = std::size_t{64} * 1024;

// Registered after RFC 6455, and sent by gateways; Beast takes it for a violation.
constexpr std::uint16_t bad_gateway = 1014;

// Whether a text that is valid so far ends in the middle of a character.
bool ends_inside_character(std::string_view text)
{
    std::size_t tail = 0;
    while (tail < std::min<std::size_t>(3, text.size())) {
        ++tail;
        const auto byte = static_cast<unsigned char>(text[text.size() - tail]);
        if ((byte & 0xc0U) != 0x80)
            break;
    }
    return tail > 0 && !count_code_points(text.substr(text.size() - tail)) &&
           static_cast<unsigned char>(text[text.size() - tail]) >= 0xc0;
}

}  // namespace

frame_reader::frame_reader(websocket_codec& codec, const stream_limits& limits)
    : codec_(codec), scanner_(!codec.is_client(), limits)
{
}

void frame_reader::content::clear() noexcept
{
    payloads.clear();
    pongs.clear();
    found.clear();
    messages.clear();
}

std::size_t frame_reader::content::bytes() const noexcept
{
    return payloads.capacity() + pongs.capacity() + found.capacity() * sizeof(place) +
           messages.capacity() * sizeof(incoming_message);
}

void frame_reader::next_batch()
{
    if (!read_.held())
        return;
    const auto begin = std::exchange(message_begin_, 0);
    if (read_->payloads.size() == begin)
        return read_.give_back();
    read_->found.clear();
    read_->pongs.clear();
    read_->payloads.erase(0, begin);
}

std::span<const incoming_message> frame_reader::messages()
{
    auto& read = read_.get();
    read.messages.clear();
    const std::string_view payloads = read.payloads;
    const std::string_view pongs = read.pongs;
    for (const auto& p : read.found) {
        const auto& all = p.kind == incoming_message::pong ? pongs : payloads;
        read.messages.push_back({p.kind, all.substr(p.begin, p.size)});
    }
    return read.messages;
}

void frame_reader::feed(std::string_view bytes)
{
    while (!bytes.empty() && !end_) {
        if (payload_left_ > 0) {
            bytes.remove_prefix(take_payload(bytes));
        } else if (partial_.empty()) {
            const auto n = take_frame(bytes);
            if (n == 0)
                partial_ = bytes;
            bytes.remove_prefix(n == 0 ? bytes.size() : n);
        } else {
            // Enough for any header and any control frame, so that one of them gets whole or the
            // input is used up.
            const auto had = partial_.size();
            partial_ += bytes.substr(0, max_frame_header + max_control_payload - had);
            const std::string frame = std::exchange(partial_, {});
            const auto n = take_frame(frame);
            if (n == 0)
                partial_ = frame;
            bytes.remove_prefix((n == 0 ? frame.size() : n) - had);
            read_run();  // it would look into `frame`
        }
    }
    read_run();
}

// Goes on in the payload of a data frame. These functions tell how much they took.
std::size_t frame_reader::take_payload(std::string_view bytes)
{
    const auto n = static_cast<std::size_t>(std::min<std::uint64_t>(payload_left_, bytes.size()));
    payload_left_ -= n;
    pass_on(bytes.substr(0, n), n);
    if (payload_left_ == 0)
        finish_frame();
    return n;
}

// Starts a frame; takes nothing when its header, or a control frame, is not whole.
std::size_t frame_reader::take_frame(std::string_view bytes)
{
    const auto verdict = scanner_.next(bytes, frame_);
    if (verdict == frame_scanner::verdict::incomplete)
        return 0;
    if (verdict == frame_scanner::verdict::header && is_whole_message(bytes))
        return take_message(bytes);
    read_run();
    if (end_)
        return bytes.size();
    switch (verdict) {
    case frame_scanner::verdict::violation:
        fail(errc::protocol_violation, 1002);
        return bytes.size();
    case frame_scanner::verdict::too_large:
        fail(errc::message_too_large, 1009);
        return bytes.size();
    case frame_scanner::verdict::too_many_fragments:
        fail(errc::too_many_fragments, 1008);
        return bytes.size();
    case frame_scanner::verdict::incomplete:
    case frame_scanner::verdict::header:
        break;
    }
    if (!frame_.is_control())
        return take_data(bytes);
    const auto whole = frame_.header_bytes + static_cast<std::size_t>(frame_.length);
    if (bytes.size() < whole)
        return 0;
    take_control(bytes.substr(0, whole));
    return whole;
}

// Whether `bytes` begin with a message in one frame: nearly all that come are.
bool frame_reader::is_whole_message(std::string_view bytes) const noexcept
{
    const bool starts =
        frame_.opcode == frame_opcode::text || frame_.opcode == frame_opcode::binary;
    return starts && frame_.fin && frame_.length > 0 &&
           frame_.length <= bytes.size() - frame_.header_bytes;
}

// Of several in a row, Beast is given all at once, which saves it a read and a header that is not
// there for each. Their places are known before their payloads are read.
std::size_t frame_reader::take_message(std::string_view bytes)
{
    const auto size = static_cast<std::size_t>(frame_.length);
    const auto whole = frame_.header_bytes + size;
    if (only_close_)
        return whole;
    run_ = {run_.empty() ? bytes.data() : run_.data(), run_.size() + whole};
    read_.get().found.push_back(
        {frame_.opcode == frame_opcode::text ? incoming_message::text : incoming_message::binary,
         message_begin_, size});
    message_begin_ += size;
    return whole;
}

void frame_reader::read_run()
{
    if (run_.empty())
        return;
    const auto run = std::exchange(run_, {});
    auto& read = read_.get();
    if (codec_.decode(run, message_begin_ - read.payloads.size(), read.payloads))
        return;
    end_ = codec_end{make_error_code(errc::protocol_violation), 0, {}};
    // Those before the one that is not UTF-8 are messages like any others.
    auto& found = read.found;
    while (!found.empty() && found.back().kind != incoming_message::pong &&
           found.back().begin + found.back().size > read.payloads.size()) {
        message_begin_ = found.back().begin;
        found.pop_back();
    }
}

std::size_t frame_reader::take_data(std::string_view bytes)
{
    if (frame_.opcode != frame_opcode::continuation)
        text_ = frame_.opcode == frame_opcode::text;
    const auto here = bytes.size() - frame_.header_bytes;
    const auto n = static_cast<std::size_t>(std::min<std::uint64_t>(frame_.length, here));
    payload_left_ = frame_.length - n;
    pass_on(bytes.substr(0, frame_.header_bytes + n), n);
    if (payload_left_ == 0)
        finish_frame();
    return frame_.header_bytes + n;
}

// Beast is given what it can read at once: a header alone, or an empty fragment, would leave it
// asking for more.
void frame_reader::pass_on(std::string_view piece, std::size_t payload)
{
    if (only_close_ || end_)
        return;
    const bool can_be_read = payload > 0 || (frame_.length == 0 && frame_.fin);
    if (!can_be_read || !ahead_.empty()) {
        ahead_ += piece;
        piece = ahead_;
    }
    if (!can_be_read)
        return;
    if (!codec_.decode(piece, payload, read_.get().payloads))
        end_ = codec_end{make_error_code(errc::protocol_violation), 0, {}};
    ahead_.clear();
}

void frame_reader::finish_frame()
{
    if (only_close_ || end_ || !frame_.fin)
        return;
    // Beast does not look at the end of a text whose last fragment is empty (RFC 6455 8.1).
    auto& read = read_.get();
    if (text_ && frame_.length == 0 &&
        ends_inside_character(std::string_view(read.payloads).substr(message_begin_)))
        return fail(errc::protocol_violation, 1007);
    read.found.push_back({text_ ? incoming_message::text : incoming_message::binary, message_begin_,
                          read.payloads.size() - message_begin_});
    message_begin_ = read.payloads.size();
}

void frame_reader::take_control(std::string_view frame)
{
    std::string payload(frame.substr(frame_.header_bytes));
    if (frame_.masked)
        apply_mask(payload, frame_.mask);
    if (frame_.opcode == frame_opcode::close)
        return take_close(frame, std::move(payload));
    if (only_close_)
        return;
    if (frame_.opcode == frame_opcode::ping) {
        // A peer that takes a little at a time, and pings all the while, must not keep this from
        // becoming empty.
        if (codec_.encoded() <= much_output)
            codec_.pong(payload);
        else
            owed_pong_ = std::move(payload);
        return;
    }
    auto& read = read_.get();
    read.found.push_back({incoming_message::pong, read.pongs.size(), payload.size()});
    read.pongs += payload;
}

void frame_reader::take_close(std::string_view frame, std::string payload)
{
    codec_end told{make_error_code(errc::closed_by_peer), 0, {}};
    if (payload.size() >= 2) {
        const auto high = static_cast<unsigned char>(payload[0]);
        const auto low = static_cast<unsigned char>(payload[1]);
        told.close_code = static_cast<std::uint16_t>(high << 8U | low);
        told.close_reason = payload.substr(2);
    }
    if (only_close_) {
        end_ = std::move(told);
    } else if (told.close_code == bad_gateway && count_code_points(told.close_reason)) {
        codec_.close(bad_gateway, {});
        end_ = std::move(told);
    } else {
        end_ = codec_.decode_close(frame);
    }
}

void frame_reader::fail(errc why, std::uint16_t close_code)
{
    if (!only_close_)
        codec_.close(close_code, {});
    end_ = codec_end{make_error_code(why), 0, {}};
}

void frame_reader::pay_owed_pong()
{
    if (owed_pong_ && !only_close_ && !end_)
        codec_.pong(*owed_pong_);
    owed_pong_.reset();
}

}  // namespace aiflow

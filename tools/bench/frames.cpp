#include "bench/frames.hpp"

#include <cstdint>
#include <cstring>
#include <stdexcept>

namespace aiflow::bench {

namespace {

void append_number(std::string& out, std::uint64_t value, int bytes)
{
    for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8)
        out.push_back(static_cast<char>((value >> shift) & 0xff));
}

std::uint64_t number_of(std::span<const char> bytes)
{
    std::uint64_t value = 0;
    for (const char c : bytes)
        value = value << 8 | static_cast<unsigned char>(c);
    return value;
}

}  // namespace

void apply_mask(std::span<char> payload, std::array<unsigned char, 4> key)
{
    std::array<unsigned char, 8> twice{key[0], key[1], key[2], key[3],
                                       key[0], key[1], key[2], key[3]};
    std::uint64_t wide = 0;
    std::memcpy(&wide, twice.data(), sizeof wide);
    std::size_t i = 0;
    for (; i + sizeof wide <= payload.size(); i += sizeof wide) {
        std::uint64_t word = 0;
        std::memcpy(&word, payload.data() + i, sizeof word);
        word ^= wide;
        std::memcpy(payload.data() + i, &word, sizeof word);
    }
    for (; i < payload.size(); ++i)
        payload[i] = static_cast<char>(payload[i] ^ static_cast<char>(key[i & 3]));
}

void append_frame(std::string& out, opcode op, std::string_view payload, bool masked)
{
    out.push_back(static_cast<char>(0x80 | static_cast<unsigned>(op)));
    const unsigned flag = masked ? 0x80 : 0;
    if (payload.size() < 126) {
        out.push_back(static_cast<char>(flag | payload.size()));
    } else if (payload.size() < 65536) {
        out.push_back(static_cast<char>(flag | 126));
        append_number(out, payload.size(), 2);
    } else {
        out.push_back(static_cast<char>(flag | 127));
        append_number(out, payload.size(), 8);
    }
    if (masked)
        out.append(reinterpret_cast<const char*>(mask_key.data()), mask_key.size());
    const auto begin = out.size();
    out.append(payload);
    if (masked)
        apply_mask({out.data() + begin, payload.size()}, mask_key);
}

void frame_scanner::put(std::span<char> data)
{
    if (rest_.empty()) {
        view_ = data;
        return;
    }
    rest_.append(data.data(), data.size());
    view_ = rest_;
}

std::optional<frame> frame_scanner::next()
{
    if (view_.size() < 2)
        return keep();
    const auto first = static_cast<unsigned char>(view_[0]);
    const auto second = static_cast<unsigned char>(view_[1]);
    if ((first & 0xf0) != 0x80 || (first & 0x0f) == 0)
        throw std::runtime_error("a frame is not a whole message, or has reserved bits");
    const bool masked = (second & 0x80) != 0;
    const unsigned code = second & 0x7f;
    const std::size_t length_bytes = code == 126 ? 2 : code == 127 ? 8 : 0;
    std::size_t header = 2 + length_bytes + (masked ? 4 : 0);
    if (view_.size() < header)
        return keep();
    const std::uint64_t size = length_bytes == 0 ? code : number_of(view_.subspan(2, length_bytes));
    if (view_.size() - header < size)
        return keep();
    const auto payload = view_.subspan(header, size);
    if (masked) {
        std::array<unsigned char, 4> key{};
        std::memcpy(key.data(), view_.data() + header - 4, key.size());
        apply_mask(payload, key);
    }
    view_ = view_.subspan(header + size);
    return frame{static_cast<opcode>(first & 0x0f), {payload.data(), payload.size()}};
}

std::optional<frame> frame_scanner::keep()
{
    // A new string, so that a connection that is idle keeps no buffer.
    std::string left(view_.data(), view_.size());
    rest_.swap(left);
    view_ = {};
    return std::nullopt;
}

}  // namespace aiflow::bench

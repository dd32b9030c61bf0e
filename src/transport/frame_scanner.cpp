#include "transport/frame_scanner.hpp"

namespace aiflow {
namespace {

unsigned byte_at(std::string_view bytes, std::size_t i)
{
    return static_cast<unsigned char>(bytes[i]);
}

bool is_known(unsigned opcode)
{
    return opcode <= 0x2 || (opcode >= 0x8 && opcode <= 0xa);
}

// Bytes of the extended length that a 7-bit length asks for.
std::size_t extended_bytes(unsigned length)
{
    if (length == 126)
        return 2;
    return length == 127 ? 8 : 0;
}

}  // namespace

frame_scanner::frame_scanner(bool from_client, const stream_limits& limits) noexcept
    : from_client_(from_client), message_bytes_(limits.message_bytes),
      message_fragments_(limits.message_fragments)
{
}

frame_scanner::verdict frame_scanner::next(std::string_view bytes, frame_header& out) noexcept
{
    if (bytes.size() < 2)
        return verdict::incomplete;
    const unsigned first = byte_at(bytes, 0);
    const unsigned second = byte_at(bytes, 1);
    const unsigned short_length = second & 0x7fU;
    const std::size_t extended = extended_bytes(short_length);
    const bool masked = (second & 0x80U) != 0;

    // What two bytes already show is not waited for.
    const bool reserved_bits = (first & 0x70U) != 0;
    if (reserved_bits || !is_known(first & 0xfU) || masked != from_client_)
        return verdict::violation;

    frame_header h;
    h.opcode = static_cast<frame_opcode>(first & 0xfU);
    h.fin = (first & 0x80U) != 0;
    h.masked = masked;
    if (h.is_control() && (!h.fin || short_length > max_control_payload))
        return verdict::violation;

    h.header_bytes = 2 + extended + (masked ? h.mask.size() : 0);
    if (bytes.size() < h.header_bytes)
        return verdict::incomplete;

    h.length = extended == 0 ? short_length : 0;
    for (std::size_t i = 0; i < extended; ++i)
        h.length = h.length << 8U | byte_at(bytes, 2 + i);
    const std::uint64_t least = extended == 8 ? 0x10000 : extended == 2 ? 126 : 0;
    if (h.length < least || h.length >> 63U != 0)
        return verdict::violation;
    for (std::size_t i = 0; masked && i < h.mask.size(); ++i)
        h.mask[i] = static_cast<unsigned char>(bytes[2 + extended + i]);

    const auto result = h.is_control() ? verdict::header : admit(h);
    out = h;
    return result;
}

frame_scanner::verdict frame_scanner::admit(const frame_header& h) noexcept
{
    const bool continues = h.opcode == frame_opcode::continuation;
    if (continues != in_message_)
        return verdict::violation;
    if (!continues) {
        size_ = 0;
        fragments_ = 0;
    }
    if (h.length > message_bytes_ - size_)
        return verdict::too_large;
    if (++fragments_ > message_fragments_)
        return verdict::too_many_fragments;
    size_ += h.length;
    in_message_ = !h.fin;
    return verdict::header;
}

void apply_mask(std::string& payload, const std::array<unsigned char, 4>& mask) noexcept
{
    for (std::size_t i = 0; i < payload.size(); ++i)
        payload[i] = static_cast<char>(static_cast<unsigned char>(payload[i]) ^ mask[i % 4]);
}

}  // namespace aiflow

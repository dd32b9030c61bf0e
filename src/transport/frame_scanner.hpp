#pragma once

#include "aiflow/websocket.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace aiflow {

/// RFC 6455 5.2.
enum class frame_opcode : unsigned char {
    continuation = 0x0,
    text = 0x1,
    binary = 0x2,
    close = 0x8,
    ping = 0x9,
    pong = 0xa,
};

struct frame_header {
    frame_opcode opcode = frame_opcode::continuation;
    bool fin = false;
    bool masked = false;
    std::array<unsigned char, 4> mask{};
    std::uint64_t length = 0;      ///< of the payload
    std::size_t header_bytes = 0;  ///< before the payload

    bool is_control() const noexcept { return opcode >= frame_opcode::close; }
};

/// The longest header: two bytes, eight of length, four of mask.
inline constexpr std::size_t max_frame_header = 14;
inline constexpr std::size_t max_control_payload = 125;

/// Reads frame headers, one after the other, and checks them against RFC 6455 5.2 to 5.5 and the
/// limits, before any payload is kept.
///
/// Thread safety: none. No I/O.
class frame_scanner {
public:
    enum class verdict : unsigned char {
        incomplete,          ///< more bytes are needed
        header,              ///< a valid header
        violation,           ///< close with 1002
        too_large,           ///< close with 1009
        too_many_fragments,  ///< close with 1008
    };

    /// `from_client`: the frames have to be masked; otherwise they must not be.
    frame_scanner(bool from_client, const stream_limits& limits) noexcept;

    /// Reads the header at the start of `bytes`. The caller takes payload and header away from the
    /// input before the next call. After an error the scanner is of no more use.
    verdict next(std::string_view bytes, frame_header& out) noexcept;

private:
    verdict admit(const frame_header& h) noexcept;

    bool from_client_;
    std::size_t message_bytes_;
    std::size_t message_fragments_;
    bool in_message_ = false;
    std::uint64_t size_ = 0;  // announced so far, of the current message
    std::size_t fragments_ = 0;
};

/// Takes the mask off, or puts it on, a whole payload.
void apply_mask(std::string& payload, const std::array<unsigned char, 4>& mask) noexcept;

}  // namespace aiflow

#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace aiflow::bench {

/// Frames of RFC 6455, as few of its rules as the driver needs: whole messages, no extensions.
enum class opcode : unsigned char { text = 1, binary = 2, close = 8, ping = 9, pong = 10 };

struct frame {
    opcode op;
    std::string_view payload;  ///< unmasked
};

/// A client's frames are masked. The key is constant: it is the cost that counts, not the secret.
inline constexpr std::array<unsigned char, 4> mask_key{0x5a, 0xc3, 0x0f, 0x96};

void append_frame(std::string& out, opcode op, std::string_view payload, bool masked);

/// Masks, or unmasks, in place.
void apply_mask(std::span<char> payload, std::array<unsigned char, 4> key);

/// Finds the frames in what was read. Bytes that are no whole frame yet are kept, all others are
/// looked at where they are.
///
/// Lifetime: what is put in has to stay until `next` gives nothing; a payload is valid until the
/// next call.
class frame_scanner {
public:
    void put(std::span<char> data);

    /// The next whole frame; nothing when more has to be put in.
    /// Throws `runtime_error` for a frame that continues a message, or has reserved bits.
    std::optional<frame> next();

private:
    std::optional<frame> keep();

    std::span<char> view_;
    std::string rest_;
};

}  // namespace aiflow::bench

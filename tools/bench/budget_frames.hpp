#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace aiflow::bench {

/// The first event of the call with this number: says who calls, and everybody has a number of
/// their own.
std::string budget_start(std::size_t call);

/// What the measured events say: as JSON, 258 bytes each, as a call's events are in real life.
std::string budget_user_speak(std::size_t call);
std::string budget_assistant_speak(std::size_t call);

std::string budget_end(std::size_t call);

/// One WebSocket frame that is a whole message; `masked` with a fixed key, as a client sends it.
std::string budget_frame(unsigned char opcode, std::string_view payload, bool masked);

inline constexpr unsigned char text_opcode = 1;
inline constexpr unsigned char close_opcode = 8;
inline constexpr unsigned char ping_opcode = 9;
inline constexpr unsigned char pong_opcode = 10;

}  // namespace aiflow::bench

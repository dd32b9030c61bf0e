#pragma once

#include "aiflow/event.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace aiflow::bench {

/// The session of the call with this number; its caller has a number of their own.
session_info budget_session(std::size_t call);

/// What the measured events say: as JSON, 258 bytes each, as a call's events are in real life.
std::string budget_user_speak(std::size_t call);
std::string budget_assistant_speak(std::size_t call);

/// Any event, as JSON.
std::string budget_event(std::size_t call, const event& what);

/// One WebSocket frame that is a whole message; `masked` with a fixed key, as a client sends it.
std::string budget_frame(unsigned char opcode, std::string_view payload, bool masked);

inline constexpr unsigned char text_opcode = 1;
inline constexpr unsigned char close_opcode = 8;
inline constexpr unsigned char ping_opcode = 9;
inline constexpr unsigned char pong_opcode = 10;

}  // namespace aiflow::bench

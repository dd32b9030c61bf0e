#pragma once

#include <string>
#include <string_view>

namespace aiflow::bench {

/// What every bot says, so that every answer has the same size.
inline constexpr std::string_view answer_text = "Thank you, let me look that up for you.";

/// The answer as the service sees it, for a session of that id.
inline std::string answer_for(std::string_view session_id)
{
    return R"({"type":"speak","session_id":")" + std::string(session_id) + R"(","text":")" +
           std::string(answer_text) + "\"}";
}

/// Sessions have ids of this size.
inline constexpr std::size_t session_id_size = 36;

}  // namespace aiflow::bench

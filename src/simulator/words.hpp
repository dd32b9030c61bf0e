#pragma once

#include "aiflow/action.hpp"
#include "aiflow/event.hpp"
#include "aiflow/message_stream.hpp"
#include "simulator/journal.hpp"

#include <string>
#include <string_view>

/// Events and actions in words that somebody new to them understands.
namespace aiflow::simulator {

/// What the event tells the bot. Numbers are masked unless `show` is set.
std::string in_words(const event& e, const session_info& session, bool show);

/// What the action asks for. Numbers are masked, and of an SMS only the length is given, unless
/// `show` is set. `sms` is the record of a `send_sms`.
std::string in_words(const action& a, const sms_record* sms, bool show);

/// "connection lost without a close frame", "closed by the bot, code 1000".
std::string in_words(const stream_end& end);

std::string in_words(const cut_step& cut);

}  // namespace aiflow::simulator

#pragma once

#include "aiflow/log.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace aiflow {

/// The priority of a level in syslog(3): error 3, warning 4, info 6, debug 7.
char syslog_priority(log_level l) noexcept;

/// "connection.lost: text (session=1a2b3c4d)", on one line whatever is in the record: control
/// characters are escaped, and no line is longer than 8 KiB (reliability.md S20).
std::string message_text(const log_record& r);

/// "<4>connection.lost: text" and a new line, as sd-daemon(3) has it: whoever reads it, as the
/// journal does, takes the number for the priority.
std::string prefixed_line(log_level l, std::string_view message);

/// "2026-11-25 15:55:45.123 warning connection.lost: text" and a new line, for a person at a
/// terminal. `local` is the time on the person's clock.
std::string terminal_line(const log_record& r,
                          std::chrono::local_time<std::chrono::milliseconds> local);

/// One JSON object and a new line: `time` (RFC 3339, UTC), `level`, `id`, `text`, and the fields,
/// each under its own name. A name that is there already gets a `_` behind it.
std::string json_line(const log_record& r, std::chrono::system_clock::time_point when);

}  // namespace aiflow

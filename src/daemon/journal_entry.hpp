#pragma once

#include "aiflow/log.hpp"

#include <string>
#include <string_view>

namespace aiflow {

/// The journal's MESSAGE_ID of a log id: the version 5 UUID (RFC 4122) of the dotted id in the
/// name space 9d764d57-af1a-4d4e-8efc-8b99bf3a4d2a, as 32 hexadecimal digits. The same in every
/// version and on every machine; docs/messages.md says how to compute it.
std::string message_id(std::string_view id);

/// A record as one datagram of the journal's native protocol: MESSAGE first, then PRIORITY,
/// SYSLOG_IDENTIFIER, MESSAGE_ID, AIFLOW_ID, and each field under its name in capitals. Values with
/// a new line are in the binary form. Longer values than 8 KiB are cut, so that what the daemon
/// logs fits into a datagram.
std::string journal_entry(const log_record& r);

/// The text of an entry that `journal_entry` has made, for when the journal does not take it.
std::string_view text_of_journal_entry(std::string_view entry) noexcept;

}  // namespace aiflow

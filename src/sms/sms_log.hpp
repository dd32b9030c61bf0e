#pragma once

#include "aiflow/log.hpp"
#include "sms/sms_command.hpp"

namespace aiflow {

/// How loud a note of that kind is.
log_level level_of(sms_command::note::about what) noexcept;

/// Writes one line. Ids: sms.accepted, sms.retry, sms.settled, sms.failed, sms.orphan,
/// sms.ambiguous, sms.late, sms.breaker.open, sms.breaker.closed, sms.account_refused.
void write_note(const logger& log, const sms_command::note& n);

/// The outbox has failed: sms.storage.
void write_storage_error(const logger& log, sms_id id, error_code why);

}  // namespace aiflow

#include "sms/sms_log.hpp"

#include "protocol/without_numbers.hpp"

namespace aiflow {

namespace {

// Enough to say what happened; whole reasons and details are in the events.
constexpr std::size_t outside_limit = 128;

// The service's own words may hold a number (reliability.md P8).
std::string outside(const std::string& text)
{
    return printable(without_numbers(text), outside_limit);
}

std::string attempt(const sms_command::note& n)
{
    return std::to_string(n.attempt);
}

}  // namespace

log_level level_of(sms_command::note::about what) noexcept
{
    using about = sms_command::note::about;
    switch (what) {
    case about::accepted:
        return log_level::debug;
    case about::retry:
    case about::settled:
    case about::cancelled:
    case about::breaker_closed:
        return log_level::info;
    case about::breaker_open:
    case about::account_refused:
        return log_level::error;
    case about::failed:
    case about::orphan:
    case about::ambiguous:
    case about::late:
        break;
    }
    return log_level::warning;
}

void write_note(const logger& log, const sms_command::note& n)
{
    using about = sms_command::note::about;
    switch (n.what) {
    case about::accepted:
        return log.write(log_level::debug, "sms.accepted", "an SMS was accepted",
                         {{"sms", n.sms}, {"session", short_id(n.session)}, {"to", n.to}});
    case about::retry:
        return log.write(log_level::info, "sms.retry", "an SMS failed and will be sent again",
                         {{"sms", n.sms},
                          {"session", short_id(n.session)},
                          {"to", n.to},
                          {"attempt", attempt(n)},
                          {"reason", outside(n.reason)},
                          {"detail", outside(n.detail)},
                          {"in_ms", std::to_string(n.in.count())}});
    case about::settled:
        return log.write(log_level::info, "sms.settled", "no failure of an SMS is known",
                         {{"sms", n.sms},
                          {"session", short_id(n.session)},
                          {"to", n.to},
                          {"state", n.detail},
                          {"attempts", attempt(n)}});
    case about::failed:
        return log.write(log_level::warning, "sms.failed", "an SMS was not sent",
                         {{"sms", n.sms},
                          {"session", short_id(n.session)},
                          {"to", n.to},
                          {"state", n.detail},
                          {"attempts", attempt(n)},
                          {"reason", outside(n.reason)}});
    case about::cancelled:
        return log.write(log_level::info, "sms.cancelled", "an SMS was taken back by the bot",
                         {{"sms", n.sms},
                          {"session", short_id(n.session)},
                          {"to", n.to},
                          {"attempts", attempt(n)}});
    case about::orphan:
        return log.write(log_level::warning, "sms.orphan",
                         "a failure fits no SMS that is known here; it has no effect",
                         {{"session", short_id(n.session)},
                          {"to", n.to},
                          {"reason", outside(n.reason)},
                          {"detail", outside(n.detail)}});
    case about::ambiguous:
        return log.write(log_level::warning, "sms.ambiguous",
                         "a failure fits several SMS; none of them is sent again",
                         {{"sms", n.sms},
                          {"session", short_id(n.session)},
                          {"to", n.to},
                          {"reason", outside(n.reason)},
                          {"detail", outside(n.detail)}});
    case about::late:
        return log.write(log_level::warning, "sms.late",
                         "a failure came after its SMS had been settled; the outcome is corrected",
                         {{"sms", n.sms},
                          {"session", short_id(n.session)},
                          {"to", n.to},
                          {"attempt", attempt(n)},
                          {"reason", outside(n.reason)},
                          {"detail", outside(n.detail)}});
    case about::breaker_open:
        return log.write(log_level::error, "sms.breaker.open",
                         "the SMS centre is out of order: all SMS are held, one tries now and then",
                         {{"reason", outside(n.reason)}});
    case about::breaker_closed:
        return log.write(log_level::info, "sms.breaker.closed", "the SMS centre works again");
    case about::account_refused:
        return log.write(
            log_level::error, "sms.account_refused",
            "the account may not send SMS: see to its SMS settings and credit. New SMS are refused",
            {{"reason", outside(n.reason)}, {"detail", outside(n.detail)}});
    }
}

void write_storage_error(const logger& log, sms_id id, error_code why)
{
    log.write(log_level::error, "sms.storage", "the outbox could not be written",
              {{"sms", to_string(id)}, {"error", why.message()}});
}

}  // namespace aiflow

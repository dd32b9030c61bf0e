#include "daemon/metrics_text.hpp"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <chrono>
#include <limits>
#include <utility>

namespace aiflow {

namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using labels = std::vector<ClientMetric::Label>;
using side = metrics_snapshot::side;

constexpr auto counter = MetricType::Counter;
constexpr auto gauge = MetricType::Gauge;

double seconds(clock::wall_time t)
{
    return std::chrono::duration<double>(t.time_since_epoch()).count();
}

/// What one side of the service tells as a number without further labels.
struct side_number {
    const char* name;
    MetricType type;
    const char* help;
    double (*of)(const side& s);
};

template <class T>
double number(T value)
{
    return static_cast<double>(value);
}

constexpr side_number side_numbers[] = {
    {"aiflow_calls_open", gauge, "Calls that are open.",
     [](const side& s) { return number(s.sessions.open_sessions); }},
    {"aiflow_calls_total", counter, "Calls that began.",
     [](const side& s) { return number(s.sessions.sessions); }},
    {"aiflow_call_gaps_total", counter, "Times that a call's connection was lost and came back.",
     [](const side& s) { return number(s.sessions.gaps); }},
    {"aiflow_connections_open", gauge, "WebSocket connections to the service.",
     [](const side& s) { return number(s.sessions.open_connections); }},
    {"aiflow_connections_total", counter, "WebSocket connections that were opened.",
     [](const side& s) { return number(s.sessions.connections); }},
    {"aiflow_binary_messages_total", counter, "Binary messages that came; they are ignored.",
     [](const side& s) { return number(s.sessions.binary_messages); }},
    {"aiflow_wrong_members_total", counter, "Members of events that had a wrong type.",
     [](const side& s) { return number(s.sessions.wrong_types); }},
    {"aiflow_events_queued", gauge, "Events that wait for their handler.",
     [](const side& s) { return number(s.sessions.queued_events); }},
    {"aiflow_messages_queued", gauge, "Messages that wait to be written to a connection.",
     [](const side& s) { return number(s.sessions.queued_messages); }},
    {"aiflow_slow_answers_total", counter, "Events whose handling took longer than slow_answer.",
     [](const side& s) { return number(s.sessions.slow_answers); }},
    {"aiflow_handler_errors_total", counter, "Handlers that ended by an exception.",
     [](const side& s) { return number(s.sessions.handler_errors); }},
    {"aiflow_interruptions_total", counter, "Handlers that a barge-in or a call's end stopped.",
     [](const side& s) { return number(s.sessions.interruptions); }},
    {"aiflow_sms_accepted_total", counter, "SMS that were accepted.",
     [](const side& s) { return number(s.sms.accepted); }},
    {"aiflow_sms_repeated_total", counter, "SMS answered with an earlier one of the same key.",
     [](const side& s) { return number(s.sms.repeated); }},
    {"aiflow_sms_refused_total", counter, "SMS that were refused with a named error.",
     [](const side& s) { return number(s.sms.refused); }},
    {"aiflow_sms_restored_total", counter, "Open SMS that were found in the outbox at the start.",
     [](const side& s) { return number(s.sms.restored); }},
    {"aiflow_sms_attempts_total", counter, "Attempts to send an SMS, the first ones among them.",
     [](const side& s) { return number(s.sms.attempts); }},
    {"aiflow_sms_retries_total", counter, "Attempts that were not the first of their SMS.",
     [](const side& s) { return number(s.sms.retries); }},
    {"aiflow_sms_corrected_total", counter, "Outcomes that a late failure corrected.",
     [](const side& s) { return number(s.sms.corrected); }},
    {"aiflow_sms_open", gauge, "SMS without an outcome.",
     [](const side& s) { return number(s.sms.open); }},
    {"aiflow_sms_held", gauge, "Open SMS that were not yet handed to a connection.",
     [](const side& s) { return number(s.sms.held); }},
    {"aiflow_sms_waiting_retry", gauge, "Open SMS that wait to be tried again.",
     [](const side& s) { return number(s.sms.waiting_retry); }},
    {"aiflow_sms_breaker_open", gauge, "1 while failures of the SMS centre hold every SMS.",
     [](const side& s) { return number(s.sms.breaker_open); }},
    {"aiflow_sms_breaker_openings_total", counter, "Times that the SMS centre's failures did so.",
     [](const side& s) { return number(s.sms.breaker_openings); }},
    {"aiflow_sms_account_refused", gauge, "1 while the service refuses the SMS of the account.",
     [](const side& s) { return number(s.sms.account_refused); }},
    {"aiflow_outbox_errors_total", counter, "Changes that the outbox could not store.",
     [](const side& s) { return number(s.sms.storage_errors); }},
};

/// A number of one side for each value of a label.
struct side_set {
    const char* name;
    const char* label;
    const char* help;
    std::vector<std::pair<std::string_view, double>> (*of)(const side& s);
};

constexpr side_set side_sets[] = {
    {"aiflow_calls_given_up_total", "cause", "Calls that ended without session_end.",
     [](const side& s) {
         return std::vector<std::pair<std::string_view, double>>{
             {to_string(end_cause::expired), number(s.sessions.expired_sessions)},
             {to_string(end_cause::connection_lost), number(s.sessions.lost_sessions)},
             {to_string(end_cause::overflow), number(s.sessions.overflown_sessions)}};
     }},
    {"aiflow_events_ignored_total", "cause", "Messages that were no events, or came too late.",
     [](const side& s) {
         return std::vector<std::pair<std::string_view, double>>{
             {"malformed", number(s.sessions.dropped_events)},
             {"late", number(s.sessions.late_events)}};
     }},
    {"aiflow_sms_outcomes_total", "outcome", "How SMS ended; a correction is not among them.",
     [](const side& s) {
         return std::vector<std::pair<std::string_view, double>>{
             {to_string(sms_state::assumed_sent), number(s.sms.assumed_sent)},
             {to_string(sms_state::unobserved), number(s.sms.unobserved)},
             {to_string(sms_state::failed), number(s.sms.failed)},
             {to_string(sms_state::abandoned), number(s.sms.abandoned)},
             {to_string(sms_state::expired), number(s.sms.expired)},
             {to_string(sms_state::cancelled), number(s.sms.cancelled)}};
     }},
    {"aiflow_sms_failures_total", "reason", "Failures of SMS that the service reported.",
     [](const side& s) {
         std::vector<std::pair<std::string_view, double>> all;
         for (const auto r :
              {sms_reason::smsc_unavailable, sms_reason::sender_not_allowed,
               sms_reason::insufficient_balance, sms_reason::no_sms_extension, sms_reason::unknown})
             all.emplace_back(to_string(r), number(s.sms.with_reason(r)));
         all.emplace_back("other", number(s.sms.with_reason(sms_reason::other)));
         return all;
     }},
    {"aiflow_sms_failure_matches_total", "match", "The same failures by what was made of them.",
     [](const side& s) {
         return std::vector<std::pair<std::string_view, double>>{
             {to_string(sms_match::matched), number(s.sms.matched)},
             {to_string(sms_match::late), number(s.sms.late)},
             {to_string(sms_match::ambiguous), number(s.sms.ambiguous)},
             {to_string(sms_match::orphan), number(s.sms.orphans)}};
     }},
};

/// Collects the families; those without a value are left out.
class page {
public:
    /// What follows belongs to this family.
    void family(const char* name, MetricType type, const char* help)
    {
        families_.push_back({name, help, type, {}});
    }

    void add(double value, labels at = {})
    {
        ClientMetric m;
        m.label = std::move(at);
        if (families_.back().type == counter)
            m.counter.value = value;
        else
            m.gauge.value = value;
        families_.back().metric.push_back(std::move(m));
    }

    void add(const time_histogram& h, labels at)
    {
        ClientMetric m;
        m.label = std::move(at);
        m.histogram.sample_count = h.total();
        m.histogram.sample_sum = std::chrono::duration<double>(h.sum).count();
        std::uint64_t below = 0;
        for (std::size_t i = 0; i < h.counts.size(); ++i) {
            below += h.counts[i];
            const double bound = i < h.bounds.size()
                                     ? std::chrono::duration<double>(h.bounds[i]).count()
                                     : std::numeric_limits<double>::infinity();
            m.histogram.bucket.push_back({below, bound});
        }
        families_.back().metric.push_back(std::move(m));
    }

    /// A family of one value.
    void one(const char* name, MetricType type, const char* help, double value)
    {
        family(name, type, help);
        add(value);
    }

    std::string text()
    {
        std::erase_if(families_, [](const MetricFamily& f) { return f.metric.empty(); });
        return prometheus::TextSerializer{}.Serialize(families_);
    }

private:
    std::vector<MetricFamily> families_;
};

labels of(const side& s)
{
    return {{"side", s.name}};
}

labels of(const side& s, std::string_view name, std::string_view value)
{
    return {{"side", s.name}, {std::string(name), std::string(value)}};
}

template <class Names, class Values>
void add_by_type(page& to, const Names& names, const Values& values)
{
    for (std::size_t i = 0; i < names.size(); ++i)
        if constexpr (std::is_same_v<typename Values::value_type, time_histogram>)
            to.add(values[i], {{"type", std::string(names[i])}});
        else
            to.add(number(values[i]), {{"type", std::string(names[i])}});
}

void add_calls(page& to, const call_counts& counts)
{
    to.family("aiflow_events_total", counter, "Events that came, by type.");
    add_by_type(to, event_types, counts.events);
    to.family("aiflow_handler_duration_seconds", MetricType::Histogram,
              "From when the handler got an event until it had nothing left to do for it.");
    add_by_type(to, event_types, counts.handled);
    to.family("aiflow_actions_total", counter, "Actions that were queued for the service.");
    add_by_type(to, action_types, counts.actions);
    to.family("aiflow_actions_refused_total", counter, "Actions that were refused.");
    add_by_type(to, action_types, counts.refused);
}

void add_sides(page& to, const std::vector<side>& sides)
{
    for (const side_number& m : side_numbers) {
        to.family(m.name, m.type, m.help);
        for (const side& s : sides)
            to.add(m.of(s), of(s));
    }
    for (const side_set& m : side_sets) {
        to.family(m.name, counter, m.help);
        for (const side& s : sides)
            for (const auto& [value, count] : m.of(s))
                to.add(count, of(s, m.label, value));
    }
    to.family("aiflow_sms_failure_latency_seconds", MetricType::Histogram,
              "From the start of an attempt to the failure that the service reported.");
    for (const side& s : sides)
        to.add(s.sms.failure_latency, of(s));
    to.family("aiflow_sms_hand_off_seconds", MetricType::Histogram,
              "From the start of an attempt to the proof that the service has it.");
    for (const side& s : sides)
        to.add(s.sms.hand_off_time, of(s));
}

void add_connections(page& to, const std::vector<side>& sides)
{
    const auto each = [&](const auto member, const char* name, MetricType type, const char* help,
                          const auto value) {
        to.family(name, type, help);
        for (const side& s : sides)
            if (s.*member)
                to.add(number(value(*(s.*member))), of(s));
    };
    const auto listens = &side::listener;
    each(listens, "aiflow_listening", gauge, "1 while connections are accepted.",
         [](const listener_status& l) { return l.state == listener_state::listening; });
    each(listens, "aiflow_listener_connections_open", gauge,
         "Accepted connections of any kind, those in their handshake among them.",
         [](const listener_status& l) { return l.open; });
    each(listens, "aiflow_listener_strangers_open", gauge,
         "Of these, the ones that have not shown a token.",
         [](const listener_status& l) { return l.strangers; });
    each(listens, "aiflow_listener_accepted_total", counter, "Connections that were accepted.",
         [](const listener_status& l) { return l.accepted; });
    each(listens, "aiflow_listener_refused_total", counter,
         "Connections that were refused: token, limit, time, or TLS.",
         [](const listener_status& l) { return l.refused; });

    each(&side::client, "aiflow_client_failed_attempts", gauge,
         "Attempts to connect that failed in a row.",
         [](const client_status& c) { return c.failures; });
    to.family("aiflow_client_state", gauge, "1 for the state that the client is in.");
    for (const side& s : sides)
        for (const auto state :
             {client_state::idle, client_state::connecting, client_state::open,
              client_state::waiting, client_state::stopping, client_state::stopped})
            if (s.client)
                to.add(number(s.client->state == state), of(s, "state", to_string(state)));

    each(&side::outbox, "aiflow_outbox_bytes", gauge, "Size of the outbox on disk.",
         [](const outbox_facts& o) { return o.bytes; });
    each(&side::outbox, "aiflow_outbox_broken", gauge, "1 when the outbox on disk has failed.",
         [](const outbox_facts& o) { return o.broken; });
    to.family("aiflow_outbox_messages", gauge, "SMS in the outbox on disk, by state.");
    for (const side& s : sides) {
        if (!s.outbox)
            continue;
        for (auto i = 0U; i <= static_cast<unsigned>(sms_state::cancelled); ++i) {
            const auto state = static_cast<sms_state>(i);
            const auto found = s.outbox->messages.find(state);
            const auto count = found == s.outbox->messages.end() ? 0 : found->second;
            to.add(number(count), of(s, "state", to_string(state)));
        }
    }
}

void add_process(page& to, const metrics_snapshot& now)
{
    to.one("aiflow_bot_ready", gauge, "1 while the bot can answer calls.", number(now.bot.ready));
    to.one("aiflow_bot_answers_total", counter, "Answers of the bot.", number(now.bot.answers));
    to.one("aiflow_bot_bad_answers_total", counter, "Answers of the bot that were no actions.",
           number(now.bot.bad_answers));
    to.one("aiflow_bot_failures_total", counter,
           "Requests to the bot that failed, or ends of its process.", number(now.bot.failures));
    to.one("aiflow_bot_events_waiting", gauge, "Events on their way to the bot.",
           number(now.bot.waiting));

    to.family("aiflow_build_info", gauge, "Always 1; the version is a label.");
    to.add(1, {{"version", now.version}});
    to.one("aiflow_start_time_seconds", gauge, "When the daemon started, in Unix time.",
           seconds(now.started));
    to.family("aiflow_config_reloads_total", counter, "Reloads of the configuration, by outcome.");
    to.add(number(now.reloads), {{"outcome", "applied"}});
    to.add(number(now.refused_reloads), {{"outcome", "refused"}});
    to.one("aiflow_config_last_reload_successful", gauge,
           "0 when the configuration file was refused at the last reload.",
           number(!now.reload_failed));
    to.one("aiflow_config_last_success_timestamp_seconds", gauge,
           "When the configuration in force was taken over, in Unix time.",
           seconds(now.configured));
    to.family("aiflow_resident_memory_bytes", gauge, "Memory that the process has in RAM.");
    if (now.process.resident_bytes)
        to.add(number(*now.process.resident_bytes));
    to.family("aiflow_open_files", gauge, "File descriptors, sockets among them.");
    if (now.process.open_files)
        to.add(number(*now.process.open_files));
}

}  // namespace

std::string metrics_text(const call_counts& counts, const metrics_snapshot& now)
{
    page all;
    add_calls(all, counts);
    add_sides(all, now.sides);
    add_connections(all, now.sides);
    add_process(all, now);
    return all.text();
}

}  // namespace aiflow

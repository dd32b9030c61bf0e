#include "tracker_rig.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace aiflow::test {

tracker_rig::tracker_rig(sms_rules r, std::uint64_t seed)
    : rules(std::move(r)), tracker(std::make_unique<sms_tracker>(rules, seed)), seed_(seed)
{
    tracker->vendor_reachable(at, true);
    up();
}

sms_rules tracker_rig::uncapped()
{
    sms_rules r;
    r.session_messages = 1000;
    r.session_frames = 10'000;
    r.session_recipients = 1000;
    r.recipient_per_hour = 100'000;
    r.process_per_minute = 1'000'000;
    r.session_interval = 0ms;
    return r;
}

checked<sms_tracker::receipt> tracker_rig::submit(std::string text, sms_options options,
                                                  const std::string& recipient, std::string session)
{
    auto receipt = tracker->submit(at, {sms_id{next_id_++}, std::move(session),
                                        phone_number::parse(recipient).value(), std::move(text),
                                        std::move(options)});
    settle();
    return receipt;
}

sms_id tracker_rig::send(std::string text, sms_options options, const std::string& recipient,
                         std::string session)
{
    return submit(std::move(text), std::move(options), recipient, std::move(session))
        .value()
        .ticket.id;
}

sms_failure tracker_rig::fail(std::string_view reason, std::string_view recipient,
                              std::string_view session, std::string_view message)
{
    auto result = tracker->failed(
        at, session, {std::string(recipient), std::string(reason), std::string(message)});
    settle();
    return result;
}

void tracker_rig::up(std::string_view session)
{
    tracker->session_up(at, session);
    settle();
}

void tracker_rig::gap(std::string_view session)
{
    tracker->session_gap(at, session);
    settle();
}

void tracker_rig::over(std::string_view session, bool reachable)
{
    tracker->session_over(at, session, reachable);
    settle();
}

void tracker_rig::settle()
{
    while (auto next = tracker->next_command())
        std::visit([this](auto& command) { carry_out(command); }, *next);
}

void tracker_rig::carry_out(sms_command::store& s)
{
    waiting_store what{tracker->record(s.id), s.step};
    strip_if_final(what.record);
    journal.push_back("store " + std::string(to_string(what.record.state)));
    if (disk_waits)
        at_disk.push_back(std::move(what));
    else
        finish(what);
}

void tracker_rig::finish(const waiting_store& s)
{
    const bool fails =
        disk_error && (disk_error_for == sms_state{255} || disk_error_for == s.record.state);
    if (!fails)
        disk.insert_or_assign(s.record.id.value, s.record);
    tracker->stored(at, s.record.id, s.step, fails ? disk_error : error_code{});
}

void tracker_rig::finish_stores()
{
    for (const auto& s : std::exchange(at_disk, {}))
        finish(s);
    settle();
}

void tracker_rig::carry_out(sms_command::transmit& t)
{
    journal.emplace_back("transmit");
    if (!connected) {
        tracker->not_transmitted(at, t.key);
        return;
    }
    frames.push_back({at.now, std::string(t.session_id), t.key, t.frame});
    if (writes)
        tracker->written(at, t.key);
}

void tracker_rig::carry_out(sms_command::answer& a)
{
    journal.emplace_back(a.result ? "answer" : "refuse");
    answers.push_back(a);
}

void tracker_rig::carry_out(sms_command::report& r)
{
    journal.push_back("report " + std::string(to_string(r.outcome.state)));
    outcomes.push_back(r.outcome);
}

void tracker_rig::carry_out(sms_command::note& n)
{
    log.push_back(n);
}

void tracker_rig::run(clock::duration span)
{
    const auto end = at.now + span;
    const auto move_to = [this](clock::time_point when) {
        at.wall += std::chrono::duration_cast<clock::wall_time::duration>(when - at.now);
        at.now = when;
    };
    for (auto next = tracker->next_deadline(); next && *next <= end;
         next = tracker->next_deadline()) {
        move_to(std::max(*next, at.now));
        tracker->tick(at);
        settle();
    }
    move_to(end);
}

void tracker_rig::restart()
{
    std::vector<sms_record> records;
    for (const auto& [id, r] : disk)
        records.push_back(r);
    tracker = std::make_unique<sms_tracker>(rules, ++seed_);
    at_disk.clear();
    tracker->restore(at, std::move(records));
    settle();
    tracker->vendor_reachable(at, true);
}

const sms_outcome& tracker_rig::outcome(sms_id id) const
{
    for (auto o = outcomes.rbegin(); o != outcomes.rend(); ++o)
        if (o->id == id)
            return *o;
    throw std::runtime_error("no outcome yet");
}

std::size_t tracker_rig::outcomes_of(sms_id id) const
{
    return static_cast<std::size_t>(std::count_if(
        outcomes.begin(), outcomes.end(), [id](const sms_outcome& o) { return o.id == id; }));
}

std::size_t tracker_rig::notes(sms_command::note::about what) const
{
    return static_cast<std::size_t>(std::count_if(
        log.begin(), log.end(), [what](const sms_command::note& n) { return n.what == what; }));
}

}  // namespace aiflow::test

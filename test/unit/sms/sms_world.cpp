#include "sms_world.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace aiflow::test {

using namespace std::chrono_literals;

sms_world::sms_world(sms_day_options options)
    : options_(std::move(options)),
      random_(options_.seed), at_{clock::time_point{1h}, clock::wall_time{24h * 365 * 57}},
      tracker_(std::make_unique<sms_tracker>(options_.rules, options_.seed)),
      ledger_(options_.rules)
{
    tracker_->vendor_reachable(at_, true);
    for (std::size_t n = 0; n < options_.calls; ++n)
        plan_call(n);
    for (std::size_t n = 0; n < options_.crashes; ++n)
        later(between(0ms, std::chrono::duration_cast<std::chrono::milliseconds>(options_.length)),
              [this] { crash(); });
}

clock::duration sms_world::between(std::chrono::milliseconds least, std::chrono::milliseconds most)
{
    return std::chrono::milliseconds(
        std::uniform_int_distribution<std::int64_t>(least.count(), most.count())(random_));
}

void sms_world::later(clock::duration in, std::function<void()> what, bool dies_with_process)
{
    if (dies_with_process)
        what = [this, mine = process_, inner = std::move(what)] {
            if (mine == process_)
                inner();
        };
    coming_.push({at_.now + in, order_++, std::move(what), dies_with_process});
}

void sms_world::plan_call(std::size_t n)
{
    calls_.push_back(std::make_unique<call>());
    auto& c = *calls_.back();
    c.id = "call " + std::to_string(n);
    by_id_[c.id] = &c;
    const auto length = std::chrono::duration_cast<std::chrono::milliseconds>(options_.length);
    const auto start = between(0ms, length);
    const auto stay = between(1s, 3min);
    later(start, [this, &c] { begin(c); });
    for (auto messages = 1 + pick(3); messages > 0; --messages)
        later(start + between(0ms, 2min), [this, &c] { submit(c); });
    if (chance(options_.connection_loss))
        later(start + between(0ms, 2min), [this, &c] { lose_connection(c); });
    if (chance(options_.transfer))
        later(start + between(0ms, 1min), [this, &c] { tracker_->session_transferred(at_, c.id); });
    // Some calls end without a word; those hear of it when their grace or their day is over.
    later(start + stay, [this, &c] { end(c); });
    if (chance(0.02))
        later(start + stay + between(1s, 30s), [this, &c] {
            c.over = false;
            begin(c);
        });
    if (chance(0.02))
        later(start + stay + between(5min, 10min), [this, &c] { end(c); });
}

void sms_world::begin(call& c)
{
    if (c.over)
        return;
    c.connected = true;
    ++c.connection;
    ledger_.session_up(c.id);
    tracker_->session_up(at_, c.id);
    if (chance(0.3))
        tracker_->session_answerable(at_, c.id);
}

void sms_world::submit(call& c)
{
    if (c.over)
        return;
    sms_options options;
    options.retry = !chance(0.1);
    options.duplicate_ok = chance(0.3);
    if (chance(0.3))
        options.client_ref = "ref " + std::to_string(pick(50'000));
    if (chance(0.05))
        options.max_age = std::chrono::seconds(1 + pick(60));
    const auto number = std::to_string(4915100000000ULL + pick(options_.numbers));
    sms_submission s{sms_id{next_id_++}, c.id, phone_number::parse(number).value(),
                     "text " + std::to_string(pick(5)), std::move(options)};
    ledger_.submitted(at_.now, s);
    tracker_->submit(at_, s);
    if (chance(0.05))
        later(between(0ms, 5s), [this, id = s.id] { tracker_->cancel(at_, id); });
    if (chance(0.1))
        later(between(0ms, 5s), [this, &c] { tracker_->flush_held(at_, c.id); });
}

void sms_world::lose_connection(call& c)
{
    if (!c.connected)
        return;
    c.connected = false;
    ++c.connection;
    ledger_.session_gap(c.id);
    tracker_->session_gap(at_, c.id);
    if (chance(0.7))
        later(between(100ms, 40s), [this, &c] { begin(c); });
}

void sms_world::end(call& c)
{
    c.over = true;
    c.connected = false;
    ledger_.session_over(c.id);
    tracker_->session_over(at_, c.id, chance(0.8));
    if (chance(0.1))
        later(between(1s, 40s), [this] { tracker_->vendor_reachable(at_, true); });
    // What the service says afterwards is about calls that are over as well.
    if (chance(0.1))
        fail(c.id, std::to_string(4915100000000ULL + pick(options_.numbers)), "unknown");
}

void sms_world::crash()
{
    ++process_;
    for (auto& c : calls_) {
        if (!c->connected)
            continue;
        c->connected = false;
        ++c->connection;
        if (chance(0.8))
            later(between(100ms, 60s), [this, raw = c.get()] { begin(*raw); });
    }
    disk_busy_.clear();
    ledger_.crash(disk_);
    std::vector<sms_record> records;
    for (const auto& [id, r] : disk_)
        records.push_back(r);
    tracker_ = std::make_unique<sms_tracker>(options_.rules, random_());
    tracker_->restore(at_, std::move(records));
    tracker_->vendor_reachable(at_, true);
}

void sms_world::fail(std::string session, std::string recipient, std::string reason)
{
    const sms_failed e{std::move(recipient), std::move(reason), "detail"};
    ledger_.failure(tracker_->failed(at_, session, e));
}

// The service has the frame: what it says about it, when, and how often.
void sms_world::settle_fate(std::string session, std::string recipient)
{
    if (!chance(options_.failure))
        return;
    static const char* const reasons[] = {"unknown", "quota_exceeded", "", "sender_not_allowed"};
    std::string reason = "smsc_unavailable";
    if (chance(0.2))
        reason = reasons[chance(0.02) ? 3 : pick(3)];
    if (chance(0.03))
        recipient.clear();
    const auto delay = chance(0.1) ? between(20s, 11min) : between(10ms, 8s);
    const auto say = [this, session, recipient, reason] { fail(session, recipient, reason); };
    later(delay, say);
    if (chance(0.05))
        later(delay + between(0ms, 10s), say);
}

void sms_world::carry_out(sms_command::store& s)
{
    const bool fails = chance(options_.storage_error);
    auto& busy = disk_busy_[s.id.value];
    busy = std::max(busy, at_.now + between(0ms, chance(0.01) ? 3000ms : 20ms));
    auto record = tracker_->record(s.id);
    strip_if_final(record);
    later(
        busy - at_.now,
        [this, record = std::move(record), step = s.step, fails] {
            if (!fails)
                disk_.insert_or_assign(record.id.value, record);
            tracker_->stored(at_, record.id, step,
                             fails ? make_error_code(errc::storage_full) : error_code{});
        },
        true);
}

void sms_world::carry_out(sms_command::transmit& t)
{
    auto& c = *by_id_.at(std::string(t.session_id));
    if (!c.connected || chance(0.01)) {
        tracker_->not_transmitted(at_, t.key);
        return;
    }
    ledger_.transmitted(at_.now, t);
    const auto frame = std::pair(t.frame.phone_number.digits(), c.connection);
    later(
        between(0ms, chance(0.02) ? 12s : 30ms),
        [this, &c, key = t.key, frame] {
            const auto& [recipient, connection] = frame;
            if (c.connection == connection || c.over) {
                tracker_->written(at_, key);
                settle_fate(c.id, recipient);
                if (chance(0.8))
                    later(
                        between(1ms, 500ms),
                        [this, &c, key, connection = connection] {
                            if (c.connection != connection)
                                return;
                            ledger_.handed_off(key);
                            tracker_->handed_off(at_, key);
                        },
                        true);
            } else if (chance(0.5)) {
                ledger_.untouched(key);
                tracker_->not_written(at_, key, false);
            } else {
                ledger_.lost(key);
                if (chance(0.5))
                    settle_fate(c.id, recipient);
                tracker_->not_written(at_, key, true);
            }
        },
        true);
}

void sms_world::settle()
{
    while (auto next = tracker_->next_command())
        std::visit([this](auto& command) { carry_out(command); }, *next);
}

void sms_world::advance_to(clock::time_point when)
{
    at_.wall += std::chrono::duration_cast<clock::wall_time::duration>(when - at_.now);
    at_.now = when;
}

const sms_ledger& sms_world::run()
{
    const auto idle_end = at_.now + options_.length + 49h;
    for (;;) {
        const auto deadline = tracker_->next_deadline();
        if (!coming_.empty() && (!deadline || coming_.top().when < *deadline)) {
            const auto next = coming_.top();
            coming_.pop();
            advance_to(next.when);
            next.what();
        } else if (deadline && *deadline <= idle_end) {
            advance_to(std::max(*deadline, at_.now));
            tracker_->tick(at_);
        } else if (coming_.empty()) {
            break;
        }
        settle();
    }
    // Whoever is still on the phone hangs up.
    for (auto& c : calls_)
        tracker_->session_over(at_, c->id, true);
    settle();
    ledger_.finish(*tracker_);
    return ledger_;
}

}  // namespace aiflow::test

#include "sms_play.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace aiflow::test {

using namespace std::chrono_literals;

namespace {

constexpr std::array<clock::duration, 12> spans{1ms, 100ms, 1s,   2s,   5s,    10s,
                                                30s, 31s,   1min, 5min, 10min, 1h};

constexpr std::array<std::string_view, 8> reasons{
    "smsc_unavailable",   "smsc_unavailable", "smsc_unavailable",    "unknown", "",
    "sender_not_allowed", "quota_exceeded",   "insufficient_balance"};

sms_rules rules_of(std::uint8_t choices)
{
    sms_rules r;
    if ((choices & 1U) != 0)
        r.session_interval = 0ms;
    if ((choices & 2U) != 0)
        r.session_frames = 4;
    if ((choices & 4U) != 0) {
        r.breaker_failures = 2;
        r.breaker_recipients = 1;
    }
    r.retry_with_next_event = (choices & 8U) != 0;
    if ((choices & 16U) != 0)
        r.max_open = 2;
    if ((choices & 32U) != 0)
        r.session_messages = 100;
    return r;
}

}  // namespace

sms_play::sms_play(fuzz_input in)
    : in_(in), at_{clock::time_point{1h}, clock::wall_time{24h * 365 * 57}}, model_({})
{
    const auto choices = in_.byte();
    rules_ = rules_of(choices);
    disk_waits_ = (choices & 64U) != 0;
    kernel_waits_ = (choices & 128U) != 0;
    model_ = sms_model(rules_);
    tracker_ = std::make_unique<sms_tracker>(rules_, 7);
    tracker_->vendor_reachable(at_, true);
}

std::string sms_play::session()
{
    return std::string(1, static_cast<char>('a' + in_.below(3)));
}

std::string sms_play::number()
{
    return "491511234567" + std::to_string(in_.below(3));
}

void sms_play::run()
{
    while (!in_.empty()) {
        step();
        carry_out();
        model_.compare(*tracker_);
    }
    end();
}

// Letters, so that a seed can be read.
void sms_play::step()
{
    switch (in_.byte()) {
    case 's':
        return submit();
    case 'e':
        return session_input();
    case 'w':
        return frame_input();
    case 'f':
        return fail();
    case 't':
        return pass(spans[in_.below(spans.size())], true);
    case 'T':  // nobody looked at the clock for so long
        return pass(spans[in_.below(spans.size())], false);
    case 'd':
        return finish_store(in_.byte(), true);
    case 'D':
        return finish_store(in_.byte(), false);
    case 'c':
        if (!submitted_.empty()) {
            const auto id = submitted_[in_.below(static_cast<unsigned>(submitted_.size()))];
            if (tracker_->cancel(at_, id))
                model_.cancelled(id);
        }
        return;
    case 'j':
        model_.wall_jumped();
        at_.wall += std::chrono::hours(static_cast<std::int8_t>(in_.byte()));
        return;
    case 'k':
        return crash();
    case 'q':
        return stop();
    default:
        return;
    }
}

void sms_play::submit()
{
    const auto in = session();
    const auto to = number();
    const auto what = in_.byte();
    sms_options options;
    options.retry = (what & 1U) == 0;
    options.duplicate_ok = (what & 2U) != 0;
    if ((what & 4U) != 0)
        options.client_ref = "ref " + std::to_string(what >> 6U);
    if ((what & 8U) != 0)
        options.max_age = 3s;
    sms_submission s{sms_id{next_id_++}, in, phone_number::parse(to).value(),
                     "text " + std::to_string((what >> 4U) & 3U), std::move(options)};
    const auto receipt = tracker_->submit(at_, s);
    model_.submitted(at_, s, receipt);
    submitted_.push_back(s.id);
}

void sms_play::session_input()
{
    const auto id = session();
    switch (in_.below(8)) {
    case 0:
    case 1:
        up_[id] = true;
        model_.up(at_, id);
        return tracker_->session_up(at_, id);
    case 2:
        up_[id] = false;
        model_.gap(id);
        tracker_->session_gap(at_, id);
        return lose_frames(id);
    case 3:
        up_[id] = false;
        model_.over(id);
        return tracker_->session_over(at_, id, in_.flag());
    case 4:
        return tracker_->session_transferred(at_, id);
    case 5:
        return tracker_->session_answerable(at_, id);
    case 6:
        return tracker_->flush_held(at_, id);
    default:
        return tracker_->vendor_reachable(at_, in_.flag());
    }
}

void sms_play::frame_input()
{
    const auto how = in_.below(4);
    if (how < 3)
        return resolve(in_.byte(), how);
    if (sent_.empty())
        return;
    // A pong may be read before the end of its write is.
    const auto key = sent_[in_.below(static_cast<unsigned>(sent_.size()))].key;
    model_.proven(key);
    tracker_->handed_off(at_, key);
}

// What became of a frame: the kernel has all of it, nothing, or perhaps some.
void sms_play::resolve(std::size_t which, unsigned how)
{
    if (at_kernel_.empty())
        return;
    const auto at = at_kernel_.begin() + static_cast<std::ptrdiff_t>(which % at_kernel_.size());
    const auto key = at->key;
    at_kernel_.erase(at);
    // Of what the service has answered, nothing is missing.
    if (how == 0 || model_.has_arrived(key))
        return tracker_->written(at_, key);
    // It answers no ping that it has not got.
    std::erase_if(sent_, [&key](const frame& f) { return f.key == key; });
    if (how == 1) {
        model_.untouched(key);
        tracker_->not_written(at_, key, false);
    } else {
        model_.cut(key);
        tracker_->not_written(at_, key, true);
    }
}

// Its connection is gone: every write has come to an end, and no pong comes any more.
void sms_play::lose_frames(const std::string& session)
{
    std::erase_if(sent_, [&session](const frame& f) { return f.session == session; });
    for (std::size_t i = at_kernel_.size(); i > 0; --i)
        if (at_kernel_[i - 1].session == session)
            resolve(i - 1, in_.below(3));
}

void sms_play::fail()
{
    const auto in = session();
    auto to = number();
    const auto what = in_.byte();
    if ((what & 16U) != 0)
        to.insert(0, "+");
    if ((what & 32U) != 0)
        to.clear();
    const sms_failed e{to, std::string(reasons[what % reasons.size()]), "detail"};
    model_.failing(in, e);
    model_.failed(at_, tracker_->failed(at_, in, e));
}

void sms_play::crash()
{
    at_disk_.clear();
    at_kernel_.clear();
    sent_.clear();
    up_.clear();
    model_.crashed();
    tracker_ = std::make_unique<sms_tracker>(rules_, next_id_);
    std::vector<sms_record> records;
    for (const auto& [id, r] : disk_)
        records.push_back(r);
    tracker_->restore(at_, std::move(records));
    tracker_->vendor_reachable(at_, true);
}

// An orderly end, and the next start.
void sms_play::stop()
{
    model_.stopping();
    tracker_->stop(at_);
    carry_out();
    while (!at_disk_.empty()) {
        finish_store(0, true);
        carry_out();
    }
    require(!tracker_->next_deadline(), "what has stopped waits for nothing");
    crash();
}

void sms_play::tick()
{
    tracker_->tick(at_);
    carry_out();
    model_.compare(*tracker_);
}

void sms_play::pass(clock::duration span, bool punctual)
{
    const auto until = at_.now + span;
    const auto move_to = [this](clock::time_point when) {
        at_.wall += std::chrono::duration_cast<clock::wall_time::duration>(when - at_.now);
        at_.now = when;
    };
    // Many deadlines may be at one time, but not without end.
    unsigned at_one_time = 0;
    for (auto next = tracker_->next_deadline(); punctual && next && *next <= until;
         next = tracker_->next_deadline()) {
        at_one_time = *next > at_.now ? 0 : at_one_time + 1;
        require(at_one_time < 1000, "a deadline that has passed is dealt with");
        move_to(std::max(*next, at_.now));
        tick();
    }
    move_to(until);
    tick();
}

void sms_play::finish_store(std::size_t which, bool works)
{
    if (at_disk_.empty())
        return;
    // Changes of one message stay in their order.
    const auto id = at_disk_[which % at_disk_.size()].record.id;
    const auto first = std::find_if(at_disk_.begin(), at_disk_.end(),
                                    [id](const auto& s) { return s.record.id == id; });
    const auto s = *first;
    at_disk_.erase(first);
    if (works) {
        disk_.insert_or_assign(id.value, s.record);
        model_.on_disk(s.record);
    }
    tracker_->stored(at_, id, s.step, works ? error_code() : make_error_code(errc::storage_full));
}

void sms_play::carry_out(const sms_command::store& s)
{
    at_disk_.push_back({tracker_->record(s.id), s.step});
    strip_if_final(at_disk_.back().record);
    if (!disk_waits_)
        finish_store(at_disk_.size() - 1, true);
}

void sms_play::carry_out(const sms_command::transmit& t)
{
    // The connection may be gone already; then there is no frame.
    if (!up_[std::string(t.session_id)])
        return tracker_->not_transmitted(at_, t.key);
    model_.transmitted(at_, t, tracker_->statistics().breaker_open);
    sent_.push_back({t.key, std::string(t.session_id)});
    at_kernel_.push_back({t.key, std::string(t.session_id)});
    if (!kernel_waits_)
        resolve(at_kernel_.size() - 1, 0);
}

void sms_play::carry_out(const sms_command::note& n)
{
    require(n.to.find("491511234567") == std::string::npos, "P8: no number in the log", n.to);
}

void sms_play::carry_out()
{
    while (const auto next = tracker_->next_command())
        std::visit([this](const auto& command) { carry_out(command); }, *next);
}

// Every write and every change of the disk comes to its end, every call too, and three days pass.
void sms_play::end()
{
    const auto settle = [this] {
        while (!at_disk_.empty() || !at_kernel_.empty()) {
            finish_store(0, true);
            resolve(0, 0);
            carry_out();
        }
    };
    settle();
    for (int minutes = 0; minutes < 30; minutes += 3) {
        pass(3min, true);
        settle();
    }
    for (const auto* id : {"a", "b", "c"}) {
        up_[id] = false;
        model_.over(id);
        tracker_->session_over(at_, id, true);
        carry_out();
        settle();
    }
    for (int days = 0; days < 3; ++days) {
        pass(24h, true);
        settle();
    }
    model_.finish(*tracker_);
}

}  // namespace aiflow::test

#include "simulator/verdict.hpp"

#include <algorithm>

namespace aiflow::simulator {

namespace {

std::string counted(std::size_t n, std::string_view what)
{
    return std::to_string(n) + " " + std::string(what) + (n == 1 ? "" : "s");
}

check_record count_check(std::size_t expected, std::size_t seen, std::string_view what)
{
    const bool held = expected == seen;
    std::string text = counted(expected, what);
    if (!held)
        text += " expected, but there were " + std::to_string(seen);
    return {0, 0, held, std::move(text)};
}

std::string_view human(const session_info& s)
{
    return s.direction == "outbound" ? s.to_phone_number : s.from_phone_number;
}

std::string range_text(const sms_expectation& e, bool open_end)
{
    if (e.least == e.most)
        return counted(e.least, "SMS frame");
    if (open_end)
        return "at least " + counted(e.least, "SMS frame");
    return std::to_string(e.least) + " to " + counted(e.most, "SMS frame");
}

check_record sms_check(const sms_expectation& e, const call_record& call, const journal& seen)
{
    const std::string to = comparable_digits(e.to == "caller" ? human(call.session) : e.to);
    const auto frames = static_cast<std::size_t>(
        std::count_if(seen.sends.begin(), seen.sends.end(), [&](const sms_record& s) {
            return s.call == call.number && (e.to.empty() || s.recipient == to);
        }));
    check_record check{call.number, e.line, frames >= e.least && frames <= e.most, {}};
    check.text = range_text(e, e.most >= 100'000);
    if (!e.to.empty())
        check.text += " to " + (e.to == "caller" ? "the caller" : masked(e.to));
    if (!check.held)
        check.text += " expected, but there were " + std::to_string(frames);
    return check;
}

}  // namespace

std::vector<check_record> final_checks(const scenario& s, const journal& seen)
{
    std::vector<check_record> checks;
    const auto finished = static_cast<std::size_t>(
        std::count_if(seen.calls.begin(), seen.calls.end(), [](const call_record& c) {
            return c.outcome != call_outcome::playing && c.outcome != call_outcome::stranded;
        }));
    checks.push_back(
        count_check(s.expect.calls_finished.value_or(s.call_count()), finished, "finished call"));
    checks.push_back(
        count_check(s.expect.invalid_actions, seen.invalid_actions, "invalid message"));
    if (s.expect.late_actions)
        checks.push_back(count_check(*s.expect.late_actions, seen.late_actions, "late action"));
    if (s.expect.sms_frames)
        checks.push_back(count_check(*s.expect.sms_frames, seen.sends.size(), "SMS frame"));
    if (s.expect.connections)
        checks.push_back(count_check(*s.expect.connections, seen.connections, "connection"));
    for (const sms_expectation& e : s.expect.sms) {
        for (const call_record& call : seen.calls) {
            if (!e.call || *e.call == call.number)
                checks.push_back(sms_check(e, call, seen));
        }
    }
    return checks;
}

}  // namespace aiflow::simulator

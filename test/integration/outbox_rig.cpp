#include "outbox_rig.hpp"

#include <boost/test/unit_test.hpp>

#include <stdlib.h>

#include <chrono>
#include <filesystem>
#include <stdexcept>

namespace aiflow::test {

namespace {

auto in_ms(clock::wall_time t)
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(t.time_since_epoch()).count();
}

}  // namespace

temporary_directory::temporary_directory()
    : parent_((std::filesystem::temp_directory_path() / "aiflow-outbox-XXXXXX").string())
{
    if (!mkdtemp(parent_.data()))
        throw std::runtime_error("cannot make a temporary directory");
}

temporary_directory::~temporary_directory()
{
    std::error_code ignored;
    std::filesystem::remove_all(parent_, ignored);
}

std::size_t temporary_directory::files(const std::string& start) const
{
    std::size_t n = 0;
    for (const auto& entry : std::filesystem::directory_iterator(path()))
        n += entry.path().filename().string().starts_with(start) ? 1 : 0;
    return n;
}

sms_record record(std::uint64_t id, sms_state state, manual_clock& time)
{
    sms_record r;
    r.id = {id};
    r.session_id = "session " + std::to_string(id);
    r.recipient = "4915112345678";
    r.text = "Your confirmation code is 4242.";
    r.fingerprint = "fingerprint " + std::to_string(id);
    r.segments = 2;
    r.accepted_at = time.wall_now();
    r.state = state;
    return r;
}

sms_outcome outcome_of(const sms_record& r)
{
    sms_outcome o;
    o.id = r.id;
    o.client_ref = r.options.client_ref;
    o.state = r.state;
    o.reason = sms_reason::smsc_unavailable;
    o.reason_text = "smsc_unavailable";
    o.attempts = 2;
    o.handed_off = true;
    o.corrected = true;
    return o;
}

void settle_as(sms_record& r, sms_state state, manual_clock& time)
{
    r.state = state;
    r.settled_at = time.wall_now();
    r.outcome = outcome_of(r);
}

void check_equal(const sms_record& a, const sms_record& b)
{
    BOOST_TEST((a.id == b.id));
    BOOST_TEST(a.session_id == b.session_id);
    BOOST_TEST(a.recipient == b.recipient);
    BOOST_TEST(a.text == b.text);
    BOOST_TEST(a.fingerprint == b.fingerprint);
    BOOST_TEST(a.segments == b.segments);
    BOOST_TEST((a.options == b.options));
    BOOST_TEST(in_ms(a.accepted_at) == in_ms(b.accepted_at));
    BOOST_TEST(in_ms(a.due) == in_ms(b.due));
    BOOST_TEST((a.state == b.state));
    BOOST_TEST((a.outcome.state == b.outcome.state || !is_final(b.state)));
    BOOST_TEST(a.outcome.reason_text == b.outcome.reason_text);
    BOOST_TEST(in_ms(a.settled_at) == in_ms(b.settled_at));
    BOOST_REQUIRE(a.attempts.size() == b.attempts.size());
    for (std::size_t i = 0; i < a.attempts.size(); ++i) {
        BOOST_TEST(a.attempts[i].number == b.attempts[i].number);
        BOOST_TEST(in_ms(a.attempts[i].started) == in_ms(b.attempts[i].started));
        BOOST_TEST(a.attempts[i].written == b.attempts[i].written);
        BOOST_TEST(a.attempts[i].handed_off == b.attempts[i].handed_off);
        BOOST_TEST(a.attempts[i].reason == b.attempts[i].reason);
    }
}

}  // namespace aiflow::test

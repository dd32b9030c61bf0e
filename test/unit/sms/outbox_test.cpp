// The outbox in memory, ids, names and rules.
#include "aiflow/memory_outbox.hpp"
#include "sms/sms_fingerprint.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <limits>

using namespace aiflow;
using namespace std::chrono_literals;

namespace {

template <class T>
T run(asio::awaitable<T> what)
{
    asio::io_context io;
    std::optional<T> result;
    asio::co_spawn(io, std::move(what), [&](std::exception_ptr, T r) { result = std::move(r); });
    io.run();
    return std::move(*result);
}

error_code put(outbox& o, std::uint64_t id, sms_state state, clock::wall_time settled = {})
{
    sms_record r;
    r.id = sms_id{id};
    r.recipient = "4915112345678";
    r.text = "text";
    r.state = state;
    r.settled_at = settled;
    return run(o.put(std::move(r), outbox::durability::soon));
}

const clock::wall_time day_one{24h * 20'000};

}  // namespace

BOOST_AUTO_TEST_SUITE(outbox_in_memory)

BOOST_AUTO_TEST_CASE(it_gives_back_what_it_was_given)
{
    memory_outbox o;
    BOOST_TEST(!put(o, 2, sms_state::accepted));
    BOOST_TEST(!put(o, 1, sms_state::sending));
    const auto all = run(o.load(24h)).value();
    BOOST_REQUIRE(all.size() == 2u);
    BOOST_TEST(all[0].id.value == 1u);
    BOOST_TEST(all[1].text == "text");
}

BOOST_AUTO_TEST_CASE(a_final_record_loses_number_and_text)
{
    memory_outbox o;
    put(o, 1, sms_state::accepted);
    put(o, 1, sms_state::failed, day_one);
    const auto all = run(o.load(24h)).value();
    BOOST_TEST(all.at(0).text.empty());
    BOOST_TEST(all.at(0).recipient.empty());
}

BOOST_AUTO_TEST_CASE(it_is_full_when_too_much_is_open)
{
    memory_outbox o(2);
    BOOST_TEST(!put(o, 1, sms_state::accepted));
    BOOST_TEST(!put(o, 2, sms_state::accepted));
    BOOST_TEST(put(o, 3, sms_state::accepted) == make_error_code(errc::outbox_full));
    BOOST_TEST(!put(o, 2, sms_state::sending));  // a change always fits
    BOOST_TEST(!put(o, 1, sms_state::failed, day_one));
    BOOST_TEST(!put(o, 3, sms_state::accepted));
    BOOST_TEST(o.size() == 3u);
}

BOOST_AUTO_TEST_CASE(it_needs_no_waiting)
{
    memory_outbox o(1);
    sms_record r;
    r.id = sms_id{1};
    r.text = "text";
    BOOST_TEST((o.put_at_once(r, outbox::durability::soon) == error_code{}));
    sms_record more;
    more.id = sms_id{2};
    BOOST_TEST((o.put_at_once(more, outbox::durability::soon) == errc::outbox_full));
    const auto all = run(o.load(24h)).value();
    BOOST_REQUIRE(all.size() == 1u);
    BOOST_TEST(all[0].text == "text");
}

BOOST_AUTO_TEST_CASE(it_forgets_what_is_settled_after_a_day)
{
    memory_outbox o;
    put(o, 1, sms_state::failed, day_one);
    put(o, 2, sms_state::accepted);
    put(o, 3, sms_state::assumed_sent, day_one + 23h);
    BOOST_TEST(o.size() == 3u);
    put(o, 4, sms_state::assumed_sent, day_one + 24h);
    BOOST_TEST(o.size() == 3u);
    BOOST_TEST(run(o.load(10min)).value().size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_late_failure_opens_a_record_again)
{
    memory_outbox o(1);
    put(o, 1, sms_state::assumed_sent, day_one);
    BOOST_TEST(!put(o, 1, sms_state::waiting_retry));
    BOOST_TEST(put(o, 2, sms_state::accepted) == make_error_code(errc::outbox_full));
    put(o, 3, sms_state::failed, day_one + 48h);
    BOOST_TEST(run(o.load(24h)).value().size() == 2u);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(sms_names)

BOOST_AUTO_TEST_CASE(an_id_survives_being_written)
{
    const auto largest = std::numeric_limits<std::uint64_t>::max();
    for (const std::uint64_t value : {std::uint64_t{0}, std::uint64_t{31}, std::uint64_t{32},
                                      std::uint64_t{1} << 63U, largest}) {
        const auto text = to_string(sms_id{value});
        BOOST_TEST(text.size() == 13u);
        BOOST_TEST((sms_id_from(text) == sms_id{value}));
    }
    BOOST_TEST(to_string(sms_id{largest}) == "fvvvvvvvvvvvv");
    BOOST_TEST(to_string(sms_id{5}) < to_string(sms_id{1000}));
    for (const auto* wrong : {"", "0", "gvvvvvvvvvvvv", "000000000000w", "000000000000V",
                              "00000000000000", "0000000000 00"})
        BOOST_TEST(!sms_id_from(wrong), wrong);
}

BOOST_AUTO_TEST_CASE(states_say_what_they_mean)
{
    using s = sms_state;
    for (const auto state : {s::accepted, s::sending, s::written, s::handed_off, s::waiting_retry})
        BOOST_TEST(!is_final(state), to_string(state));
    for (const auto state :
         {s::assumed_sent, s::unobserved, s::failed, s::abandoned, s::expired, s::cancelled}) {
        BOOST_TEST(is_final(state), to_string(state));
        sms_outcome o;
        o.state = state;
        BOOST_TEST(o.failed() == (state != s::assumed_sent && state != s::unobserved));
        BOOST_TEST(to_string(state).find("delivered") == std::string_view::npos);  // P3
    }
    BOOST_TEST(to_string(sms_match::late) == "late");
}

BOOST_AUTO_TEST_CASE(a_fingerprint_fits_one_message_only)
{
    const auto print = sms_fingerprint(42, "4915112345678", "text");
    BOOST_TEST(print.size() == 48u);
    BOOST_TEST(print.starts_with("000000000000002a"));
    BOOST_TEST(fits_fingerprint(print, "4915112345678", "text"));
    BOOST_TEST(!fits_fingerprint(print, "4915112345678", "text "));
    BOOST_TEST(!fits_fingerprint(print, "491511234567", "8text"));
    BOOST_TEST(sms_fingerprint(43, "4915112345678", "text") != print);
    BOOST_TEST(!fits_fingerprint("", "4915112345678", "text"));
    BOOST_TEST(!fits_fingerprint(std::string(48, 'x'), "4915112345678", "text"));
}

BOOST_AUTO_TEST_CASE(rules_name_what_is_wrong)
{
    BOOST_TEST(!validate(sms_rules{}));
    const auto wrong = [](auto change) {
        sms_rules r;
        change(r);
        const auto p = validate(r);
        return p && p->code == errc::invalid_value ? p->field : std::string("valid");
    };
    BOOST_TEST(wrong([](sms_rules& r) { r.max_attempts = 0; }) == "sms.max_attempts");
    BOOST_TEST(wrong([](sms_rules& r) { r.retry_delays.clear(); }) == "sms.retry_delays");
    BOOST_TEST(wrong([](sms_rules& r) { r.retry_delays[1] = 0ms; }) == "sms.retry_delays");
    BOOST_TEST(wrong([](sms_rules& r) { r.retry_jitter = 0.6; }) == "sms.retry_jitter");
    BOOST_TEST(wrong([](sms_rules& r) {
                   r.retry_jitter = std::numeric_limits<double>::quiet_NaN();
               }) == "sms.retry_jitter");
    BOOST_TEST(wrong([](sms_rules& r) { r.window = 0ms; }) == "sms.window");
    BOOST_TEST(wrong([](sms_rules& r) { r.max_age = 0s; }) == "sms.max_age");
    BOOST_TEST(wrong([](sms_rules& r) { r.session_frames = 0; }) == "sms.session_frames");
    BOOST_TEST(wrong([](sms_rules& r) { r.max_open = 0; }) == "sms.max_open");
    sms_rules r;
    r.hold = -1ms;
    BOOST_TEST(validate(r)->text == "must be 0 to 3600000 ms, not -1");
}

BOOST_AUTO_TEST_SUITE_END()

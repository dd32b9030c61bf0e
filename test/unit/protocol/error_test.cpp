#include "aiflow/error.hpp"

#include <boost/system/errc.hpp>
#include <boost/test/unit_test.hpp>

#include <set>

namespace aiflow::test {
namespace {

namespace conditions = boost::system::errc;

BOOST_AUTO_TEST_SUITE(errors)

BOOST_AUTO_TEST_CASE(every_code_has_its_own_message)
{
    std::set<std::string> messages;
    std::size_t count = 0;
    for (int value = 1; value <= static_cast<int>(errc::closed_locally); ++value) {
        const error_code ec(value, aiflow_category());
        if (ec.message() == "unknown aiflow error")
            continue;
        ++count;
        messages.insert(ec.message());
    }
    BOOST_TEST(count == 50U);
    BOOST_TEST(messages.size() == count);
}

BOOST_AUTO_TEST_CASE(a_code_knows_its_category)
{
    const error_code ec = errc::pong_timeout;
    BOOST_TEST(ec.category().name() == "aiflow");
    BOOST_TEST(ec.failed());
    BOOST_TEST((ec == errc::pong_timeout));
    BOOST_TEST((ec != errc::write_timeout));
    BOOST_TEST(error_code(9999, aiflow_category()).message() == "unknown aiflow error");
}

BOOST_AUTO_TEST_CASE(codes_match_the_general_conditions)
{
    struct row {
        errc code;
        conditions::errc_t condition;
    };
    const row rows[] = {
        {errc::not_json, conditions::bad_message},
        {errc::invalid_phone_number, conditions::invalid_argument},
        {errc::sms_empty, conditions::invalid_argument},
        {errc::interrupted, conditions::operation_canceled},
        {errc::no_connection, conditions::not_connected},
        {errc::queue_full, conditions::no_buffer_space},
        {errc::storage_full, conditions::no_space_on_device},
        {errc::storage_failed, conditions::io_error},
        {errc::storage_locked, conditions::device_or_resource_busy},
        {errc::upgrade_timeout, conditions::timed_out},
        {errc::message_too_large, conditions::message_size},
        {errc::protocol_violation, conditions::protocol_error},
        {errc::connection_lost, conditions::connection_reset},
    };
    for (const auto& r : rows)
        BOOST_TEST((make_error_code(r.code) == r.condition), make_error_code(r.code).message());
    const error_code own = errc::session_over;
    BOOST_TEST((own.default_error_condition().category() == aiflow_category()));
}

BOOST_AUTO_TEST_CASE(a_problem_reads_as_field_and_text)
{
    BOOST_TEST(to_string(problem{errc::invalid_value, "speak.text", "is bad"}) ==
               "speak.text: is bad");
    BOOST_TEST(to_string(problem{errc::not_json, "", "is not JSON"}) == "is not JSON");
}

BOOST_AUTO_TEST_CASE(a_checked_value_throws_its_problem)
{
    const problem why{errc::sms_empty, "message", "is empty"};
    const checked<int> result = why;
    BOOST_CHECK_EXCEPTION(result.value(), failure, [&](const failure& f) {
        return f.what_is_wrong() == why && f.code() == errc::sms_empty &&
               std::string(f.what()).find("message: is empty") != std::string::npos;
    });
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace aiflow::test

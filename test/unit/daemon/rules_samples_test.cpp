// The files of docs/rules, as the calls of scenarios find them.
#include "rules_rig.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>

using namespace aiflow;
using namespace aiflow::test;
using namespace std::chrono_literals;

namespace {

using words = std::vector<std::string>;
using simulator::call_outcome;

constexpr const char* code = "Your confirmation code is 4242.";

// A call that asks for the code.
std::string asking(const std::string& settings, const std::string& steps)
{
    return "[[calls]]\n" + settings +
           "\nsteps = [{ expect = 'speak', text = 'Shall I text you the code?' },\n"
           "{ say = 'Yes, send me the CODE, please.' },\n" +
           steps + "]";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(rules_samples)

BOOST_AUTO_TEST_CASE(every_sample_is_valid)
{
    std::size_t files = 0;
    for (const auto& each : std::filesystem::directory_iterator(AIFLOW_RULES_DIR)) {
        ++files;
        BOOST_TEST(sample(each.path().filename().string()).advice.empty());
    }
    BOOST_TEST(files == 2u);
}

BOOST_AUTO_TEST_CASE(the_code_is_sent)
{
    rules_rig r(sample("send-the-code.toml"));
    r.play(asking("", "{ expect = 'send_sms', to = 'caller', text = 'code is 4242' },\n"
                      "{ expect = 'speak', text = 'on its way' }, { wait = '4s' },\n"
                      "{ say = 'Thank you.' }, { expect = 'speak', text = 'Goodbye' },\n"
                      "{ expect = 'hangup' }"));
    BOOST_TEST((r.outcome() == call_outcome::bot_hung_up));
    BOOST_TEST(r.sim->record().sends.at(0).text == code);
    BOOST_TEST(r.bot->health().answers == 5u);
    BOOST_TEST(r.bot->health().bad_answers == 0u);
}

BOOST_AUTO_TEST_CASE(a_centre_out_of_order_is_not_mentioned_when_a_retry_helps)
{
    rules_rig r(sample("send-the-code.toml"));
    r.play(asking("sms.answers = [{ answer = 'smsc_unavailable', after = '300ms' }]",
                  "{ expect = 'send_sms' }, { expect = 'speak', text = 'on its way' },\n"
                  "{ expect = 'send_sms', text = 'code is 4242', within = '4s' },\n"
                  "{ expect_no = 'speak', within = '40s' }, { hang_up = true }"));
    BOOST_TEST(r.sim->record().sends.size() == 2u);
}

BOOST_AUTO_TEST_CASE(when_no_retry_helps_there_is_one_apology)
{
    rules_rig r(sample("send-the-code.toml"));
    r.play(asking("sms.otherwise = { answer = 'smsc_unavailable', after = '300ms' }",
                  "{ expect = 'speak', text = 'on its way' }, { wait = '60s' },\n"
                  "{ expect = 'speak', text = 'did not get through' },\n"
                  "{ expect_no = 'speak', within = '60s' }, { hang_up = true }"));
    BOOST_TEST(r.sim->record().sends.size() == 4u);
}

BOOST_AUTO_TEST_CASE(a_reason_of_the_account_ends_the_call)
{
    rules_rig r(sample("send-the-code.toml"));
    r.play(asking("sms.answers = [{ answer = 'insufficient_balance', after = '300ms' }]",
                  "{ expect = 'speak', text = 'on its way' },\n"
                  "{ expect = 'speak', text = 'cannot send SMS' },\n"
                  "{ expect = 'hangup', within = '20s' }"));
    BOOST_TEST(r.sim->record().sends.size() == 1u);
    BOOST_TEST((r.outcome() == call_outcome::bot_hung_up));
}

BOOST_AUTO_TEST_CASE(another_number_is_asked_for)
{
    rules_rig r(sample("send-the-code.toml"));
    r.play(asking("sms.answers = [{ answer = 'unknown', after = '300ms' }]",
                  "{ expect = 'send_sms', to = 'caller' },\n"
                  "{ expect = 'speak', text = 'Which number' }, { wait = '12s' },\n"
                  "{ say = 'It is +49 170 765 43 21.' },\n"
                  "{ expect = 'send_sms', to = '491707654321' },\n"
                  "{ wait = '1s' }, { hang_up = true }"));
}

BOOST_AUTO_TEST_CASE(whoever_withholds_a_number_is_asked_for_one)
{
    rules_rig r(sample("send-the-code.toml"));
    r.play(asking("from = 'anonymous'", "{ expect = 'speak', text = 'number is withheld' },\n"
                                        "{ say = '49 170 765 43 21' },\n"
                                        "{ expect = 'send_sms', to = '491707654321' },\n"
                                        "{ wait = '1s' }, { hang_up = true }"));
    BOOST_TEST(r.logged("rules.skipped").empty());
}

// The end of a national number would be that of somebody else.
BOOST_AUTO_TEST_CASE(a_number_without_its_country_code_is_not_texted_to)
{
    for (const auto* said : {"Text me the code on 0151 7654321 please", "0170 765 43 21",
                             "zero is 00 49 170 765 43 21"}) {
        rules_rig r(sample("send-the-code.toml"));
        r.play("[[calls]]\nsteps = [{ expect = 'speak' }, { say = '" + std::string(said) +
               "' },\n{ expect = 'speak', text = 'country code' }, { wait = '1s' },\n"
               "{ hang_up = true }]\n[expect]\nsms_frames = 0");
    }
}

BOOST_AUTO_TEST_CASE(silence_is_asked_once_and_then_ends_the_call)
{
    rules_rig r(sample("send-the-code.toml"));
    r.play("[[calls]]\nsteps = [{ expect = 'speak' }, { wait = '12s' }, { timeout = true },\n"
           "{ expect = 'speak', text = 'still there' }, { wait = '12s' }, { timeout = true },\n"
           "{ expect = 'speak', text = 'Goodbye' }, { expect = 'hangup' }]");
    BOOST_TEST((r.outcome() == call_outcome::bot_hung_up));
}

BOOST_AUTO_TEST_CASE(a_menu_of_keys)
{
    rules_rig r(sample("menu.toml"));
    r.play("[[calls]]\nsteps = [{ expect = 'configure_transcription' },\n"
           "{ expect = 'speak', text = 'Welcome' }, { press = '7' },\n"
           "{ expect = 'barge_in' }, { expect = 'speak', text = 'There is no 7 here' },\n"
           "{ press = '2' }, { expect = 'send_sms', to = 'caller', text = 'Example Street' },\n"
           "{ expect = 'speak', text = 'The address' }, { expect = 'hangup' }]");
    BOOST_TEST(r.actions() ==
                   (words{"configure_transcription",
                          ("speak: Welcome. For a colleague press 1, for our address by SMS press "
                           "2. To end this call press the hash key."),
                          "barge_in", "speak: There is no 7 here. Press 1, 2 or hash.", "barge_in",
                          "send_sms", "speak: The address is on its way. Goodbye.", "hangup"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_transfer_that_fails_comes_back)
{
    rules_rig r(sample("menu.toml"));
    r.play("[[calls]]\ntransfer = 'fails'\ntransfer_after = '20s'\n"
           "steps = [{ expect = 'speak', text = 'Welcome' }, { press = '1' },\n"
           "{ expect = 'speak', text = 'One moment' },\n"
           "{ expect = 'transfer', to = '493012345678' },\n"
           "{ expect = 'speak', text = 'Nobody is free', within = '25s' }, { press = '#' },\n"
           "{ expect = 'speak', text = 'Goodbye' }, { expect = 'hangup' }]");
    BOOST_TEST((r.outcome() == call_outcome::bot_hung_up));
    // What announces it is said to its end.
    BOOST_TEST((r.when("transfer") > 1s));
}

BOOST_AUTO_TEST_SUITE_END()

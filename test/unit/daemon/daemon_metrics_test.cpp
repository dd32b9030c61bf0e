#include "daemon/daemon_metrics.hpp"
#include "metrics_page.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <regex>
#include <sstream>

using namespace aiflow;
using namespace aiflow::test;
using namespace std::chrono_literals;

namespace {

metrics_snapshot everything()
{
    metrics_snapshot now;
    metrics_snapshot::side listens;
    listens.name = "listen";
    listens.listener.emplace();
    listens.outbox.emplace();
    metrics_snapshot::side connects = listens;
    connects.name = "connect";
    connects.listener.reset();
    connects.client.emplace();
    now.sides = {listens, connects};
    now.process = {.resident_bytes = 12'345'678, .open_files = 17};
    now.started = clock::wall_time{1'700'000'000s};
    now.configured = clock::wall_time{1'700'000'100s};
    now.reloads = 2;
    now.refused_reloads = 1;
    now.version = "0.1.0";
    return now;
}

incoming_event coming(event e)
{
    incoming_event in;
    in.session.id = "a-secret-session";
    in.session.from_phone_number = "4915112345678";
    in.event = std::move(e);
    return in;
}

template <std::size_t I>
void check_event_types()
{
    BOOST_TEST(type_name(event(std::variant_alternative_t<I, event>{})) == event_types[I]);
    if constexpr (I + 2 < event_types.size())
        check_event_types<I + 1>();
}

std::string read(const char* file)
{
    std::ifstream in(std::string(AIFLOW_DOCS) + "/" + file);
    BOOST_TEST_REQUIRE(in.good());
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
}

std::set<std::string> found_in(const std::string& text, const char* pattern)
{
    const std::regex rule(pattern);
    std::set<std::string> names;
    for (std::sregex_iterator at(text.begin(), text.end(), rule), end; at != end; ++at)
        names.insert((*at)[1]);
    return names;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(daemon_metrics_suite)

BOOST_AUTO_TEST_CASE(the_page_keeps_the_rules_of_the_format)
{
    const metrics_page page(daemon_metrics{}.text(everything()));
    for (const std::string& wrong : page.problems)
        BOOST_ERROR(wrong);
    BOOST_TEST(page.families.size() > 50u);
}

BOOST_AUTO_TEST_CASE(the_checker_sees_what_is_wrong)
{
    const std::string head = "# HELP x_total X.\n# TYPE x_total counter\n";
    const std::string histogram = "# HELP h H.\n# TYPE h histogram\nh_count 2\nh_sum 1\n";
    for (const std::string& bad :
         {head + "x_total 1\nx_total 2\n", head + "y_total 1\n", head + "x_total{a=\"1\" 1\n",
          head + "x_total{a=\"1\",a=\"2\"} 1\n", head + "x_total one\n", head + head,
          std::string("# TYPE x_total counter\nx_total 1\n"),
          std::string("# HELP x X.\n# TYPE x counter\nx 1\n"),
          histogram + "h_bucket{le=\"1\"} 2\nh_bucket{le=\"+Inf\"} 1\n",
          histogram + "h_bucket{le=\"1\"} 2\n", histogram + "h_bucket{le=\"+Inf\"} 3\n"})
        BOOST_TEST(!metrics_page(bad).problems.empty(), bad);
    BOOST_TEST(metrics_page(histogram + "h_bucket{le=\"+Inf\"} 2\n").problems.empty());
}

BOOST_AUTO_TEST_CASE(events_are_counted_by_their_type)
{
    daemon_metrics metrics;
    metrics.event(coming(session_start{}));
    metrics.event(coming(user_speak{.text = "my number is 4915187654321"}));
    metrics.event(coming(user_speak{}));
    metrics.event(coming(unknown_event{.type = "invented_\"type\"", .raw = "{}"}));
    metrics.event(coming(unknown_event{.type = "invented_again", .raw = "{}"}));
    const std::string text = metrics.text(everything());
    const metrics_page page(text);
    BOOST_TEST(page.at("aiflow_events_total{type=\"session_start\"}") == 1);
    BOOST_TEST(page.at("aiflow_events_total{type=\"user_speak\"}") == 2);
    BOOST_TEST(page.at("aiflow_events_total{type=\"other\"}") == 2);
    BOOST_TEST(page.at("aiflow_events_total{type=\"session_end\"}") == 0);
    for (const char* secret : {"invented", "a-secret-session", "49151", "my number"})
        BOOST_TEST(text.find(secret) == std::string::npos, secret);
}

BOOST_AUTO_TEST_CASE(the_names_are_those_of_the_wire)
{
    check_event_types<0>();
    const auto number = phone_number::parse("4915112345678").value();
    const std::vector<action> all{speak{},
                                  audio{},
                                  mix_audio{},
                                  hangup{},
                                  transfer{number, {}, {}},
                                  barge_in{},
                                  configure_transcription{},
                                  configure_voice_to_voice{},
                                  send_sms{number, "text"}};
    BOOST_TEST_REQUIRE(all.size() == action_types.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
        BOOST_TEST(all[i].index() == i);
        BOOST_TEST(type_name(all[i]) == action_types[i]);
    }
}

BOOST_AUTO_TEST_CASE(actions_and_refusals_are_counted_apart)
{
    daemon_metrics metrics;
    metrics.action({}, hangup{}, std::nullopt, std::nullopt);
    metrics.action({}, speak{}, std::nullopt, std::nullopt);
    metrics.action({}, speak{}, problem{errc::session_over, "session", "it is over"}, std::nullopt);
    const metrics_page page(metrics.text(everything()));
    BOOST_TEST(page.at("aiflow_actions_total{type=\"hangup\"}") == 1);
    BOOST_TEST(page.at("aiflow_actions_total{type=\"speak\"}") == 1);
    BOOST_TEST(page.at("aiflow_actions_refused_total{type=\"speak\"}") == 1);
    BOOST_TEST(page.at("aiflow_actions_refused_total{type=\"hangup\"}") == 0);
}

BOOST_AUTO_TEST_CASE(the_time_of_handlers_is_in_seconds_and_cumulative)
{
    daemon_metrics metrics;
    metrics.handled("user_speak", 3ms);
    metrics.handled("user_speak", 200ms);
    metrics.handled("user_speak", 2min);
    metrics.handled("what_is_this", 2ms);
    const metrics_page page(metrics.text(everything()));
    const auto below = [&page](const std::string& bound) {
        return page.at("aiflow_handler_duration_seconds_bucket{type=\"user_speak\",le=\"" + bound +
                       "\"}");
    };
    BOOST_TEST(below("0.001") == 0);
    BOOST_TEST(below("0.003") == 1);
    BOOST_TEST(below("0.1") == 1);
    BOOST_TEST(below("0.3") == 2);
    BOOST_TEST(below("30") == 2);
    BOOST_TEST(below("+Inf") == 3);
    BOOST_TEST(page.at("aiflow_handler_duration_seconds_sum{type=\"user_speak\"}") == 120.203,
               boost::test_tools::tolerance(1e-9));
    BOOST_TEST(page.at("aiflow_handler_duration_seconds_count{type=\"other\"}") == 1);
}

BOOST_AUTO_TEST_CASE(each_side_has_its_own_numbers)
{
    auto now = everything();
    now.sides[0].sessions.open_sessions = 3;
    now.sides[0].sessions.lost_sessions = 2;
    now.sides[0].listener->state = listener_state::listening;
    now.sides[0].listener->refused = 9;
    now.sides[0].outbox = outbox_facts{{{sms_state::waiting_retry, 4}}, 8192, true};
    now.sides[1].client->state = client_state::waiting;
    now.sides[1].client->failures = 5;
    now.sides[1].sms.failed = 6;
    now.sides[1].sms.by_reason[static_cast<std::size_t>(sms_reason::other)] = 7;
    now.sides[1].sms.hand_off_time.add(20ms);
    const metrics_page page(daemon_metrics{}.text(now));
    const std::map<std::string, double> expected{
        {"aiflow_calls_open{side=\"listen\"}", 3},
        {"aiflow_calls_open{side=\"connect\"}", 0},
        {"aiflow_calls_given_up_total{side=\"listen\",cause=\"connection_lost\"}", 2},
        {"aiflow_listening{side=\"listen\"}", 1},
        {"aiflow_listener_refused_total{side=\"listen\"}", 9},
        {"aiflow_outbox_messages{side=\"listen\",state=\"waiting_retry\"}", 4},
        {"aiflow_outbox_messages{side=\"connect\",state=\"waiting_retry\"}", 0},
        {"aiflow_outbox_bytes{side=\"listen\"}", 8192},
        {"aiflow_outbox_broken{side=\"listen\"}", 1},
        {"aiflow_client_state{side=\"connect\",state=\"waiting\"}", 1},
        {"aiflow_client_state{side=\"connect\",state=\"open\"}", 0},
        {"aiflow_client_failed_attempts{side=\"connect\"}", 5},
        {"aiflow_sms_outcomes_total{side=\"connect\",outcome=\"failed\"}", 6},
        {"aiflow_sms_failures_total{side=\"connect\",reason=\"other\"}", 7},
        {"aiflow_sms_hand_off_seconds_count{side=\"connect\"}", 1},
        {"aiflow_sms_hand_off_seconds_count{side=\"listen\"}", 0},
    };
    for (const auto& [sample, value] : expected)
        BOOST_TEST(page.at(sample) == value, sample);
    BOOST_TEST(!page.samples.contains("aiflow_listening{side=\"connect\"}"));
}

BOOST_AUTO_TEST_CASE(large_numbers_keep_their_digits)
{
    auto now = everything();
    now.sides[0].sessions.sessions = 1'234'567'890'123;
    const metrics_page page(daemon_metrics{}.text(now));
    BOOST_TEST(page.at("aiflow_calls_total{side=\"listen\"}") == 1'234'567'890'123.0);
    BOOST_TEST(page.at("aiflow_config_reloads_total{outcome=\"refused\"}") == 1);
    BOOST_TEST(page.at("aiflow_start_time_seconds") == 1'700'000'000.0);
    BOOST_TEST(page.at("aiflow_resident_memory_bytes") == 12'345'678.0);
}

BOOST_AUTO_TEST_CASE(this_process_has_memory_and_files)
{
    const auto facts = read_process_facts();
    BOOST_TEST_REQUIRE(facts.resident_bytes.has_value());
    BOOST_TEST(*facts.resident_bytes > 1'000'000u);
    BOOST_TEST_REQUIRE(facts.open_files.has_value());
    const std::ifstream one_more("/dev/null");
    BOOST_TEST(*read_process_facts().open_files == *facts.open_files + 1);
}

BOOST_AUTO_TEST_CASE(the_document_names_every_metric_and_no_other)
{
    const metrics_page page(daemon_metrics{}.text(everything()));
    const std::string document = read("metrics.md");
    for (const auto& [name, family] : page.families)
        BOOST_TEST(document.find("| `" + name + "` | " + family.type + " |") != std::string::npos,
                   "docs/metrics.md has no row for the " << family.type << " " << name);
    for (const std::string& name : found_in(document, "`(aiflow_[a-z_]+)"))
        BOOST_TEST(page.families.contains(name), "docs/metrics.md knows " << name << " alone");
}

BOOST_AUTO_TEST_CASE(the_alerts_look_at_metrics_and_labels_that_exist)
{
    const metrics_page page(daemon_metrics{}.text(everything()));
    const std::string alerts = read("prometheus/aiflow-alerts.yml");
    for (const std::string& used : found_in(alerts, "\\b(aiflow_[a-z_]+)")) {
        const std::string name = std::regex_replace(used, std::regex("_bucket$"), "");
        BOOST_TEST(page.families.contains(name), "aiflow-alerts.yml uses " << used);
    }
    const std::regex selector("([a-z]+)!?=\"([^\"]*)\"");
    for (std::sregex_iterator at(alerts.begin(), alerts.end(), selector), end; at != end; ++at) {
        if ((*at)[1] != "job")  // Prometheus adds this one
            BOOST_TEST(page.labels.contains((*at)[1].str() + "=" + (*at)[2].str()), (*at)[0].str());
    }
}

BOOST_AUTO_TEST_SUITE_END()

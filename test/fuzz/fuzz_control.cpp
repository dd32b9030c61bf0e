// Requests to the control socket, while a call is there: every one is answered, an error says what
// is wrong, and nothing private is shown to whoever has not asked for it.
//
// Input: requests, each "METHOD target" in a line and the body below it, with "\n.\n" between two.
// One that begins with ! is for the port of the metrics.
#include "aiflow/codec.hpp"
#include "control_rig.hpp"
#include "fuzz_input.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>

using namespace aiflow;
using aiflow::test::control_rig;
using aiflow::test::fuzz_input;
using aiflow::test::manual_clock;
using aiflow::test::require;

namespace {

constexpr std::string_view call_start =
    R"({"type":"session_start","session":{"id":"7f3a9c21-5d1e","from_phone_number":"4915112345678"}})";
constexpr std::string_view call_event =
    R"({"type":"user_speak","session":{"id":"7f3a9c21-5d1e"},"text":"and"})";

void check_error(const control_answer& a)
{
    const auto all = boost::json::parse(a.body);
    const auto& e = all.at("error").as_object();
    require(!e.at("code").as_string().empty() && !e.at("text").as_string().empty(),
            "an error says what is wrong", a.body);
    require((a.status == 405) == !a.allowed.empty(), "a 405 says what is allowed");
}

void check_answer(const control_answer& a, const http_request& asked, control_scope scope)
{
    require(a.status >= 200 && a.status < 600, "an answer has a status");
    require(a.status != 500, "nothing unexpected", a.body);
    boost::system::error_code ec;
    if (a.content_type == "application/json" && !a.body.empty())
        boost::json::parse(a.body, ec);
    require(!ec, "an answer is JSON", a.body);
    if (a.status >= 400 && a.content_type == "application/json")
        check_error(a);
    require(scope == control_scope::everything || a.status >= 400 ||
                asked.target.starts_with("/metrics") || asked.target.starts_with("/healthz") ||
                asked.target.starts_with("/readyz"),
            "the port of the metrics shows nothing else", asked.target);

    const auto r = parse_control_target(asked.target);
    const auto wanted = [&r](const char* what) {
        return r && r->query.contains(what) && r->query.at(what) == "true";
    };
    // An unknown name in the query is repeated, whatever it is.
    require(wanted("unmasked") || asked.target.find("4915112345678") != std::string::npos ||
                a.body.find("4915112345678") == std::string::npos,
            "P8: no number unless asked for", a.body);
    require(wanted("content") || a.body.find("code is 4242") == std::string::npos,
            "P8: no text unless asked for", a.body);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    auto left = aiflow::test::as_text(data, size);
    asio::io_context io;
    manual_clock time;
    control_rig rig(io, time);
    rig.daemon.records = {aiflow::test::waiting_record(7), aiflow::test::waiting_record(8)};
    rig.event(std::string(call_start));
    for (int n = 0; n < 6 && !left.empty(); ++n) {
        const auto end = std::min(left.find("\n.\n"), left.size());
        auto one = left.substr(0, end);
        left.remove_prefix(std::min(end + 3, left.size()));
        const auto scope =
            one.starts_with('!') ? control_scope::observation : control_scope::everything;
        one.remove_prefix(one.starts_with('!') ? 1 : 0);
        fuzz_input in(reinterpret_cast<const std::uint8_t*>(one.data()), one.size());
        const auto line = in.line();
        const auto space = std::min(line.find(' '), line.size());
        http_request asked;
        asked.method = line.substr(0, space);
        asked.target = line.substr(std::min(space + 1, line.size()));
        asked.body = in.rest();
        check_answer(rig.ask(asked.method, asked.target, asked.body, scope), asked, scope);
        const auto sent = rig.event(std::string(call_event));
        require(sent.empty() || decode_actions(sent).has_value(), "what goes out can be read",
                sent);
    }
    return 0;
}

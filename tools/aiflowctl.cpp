// aiflowctl: asks a running aiflowd, or tells it what to do. See docs/man/aiflowctl.1.
#include "aiflow/log.hpp"
#include "ctl_flags.hpp"
#include "ctl_http.hpp"
#include "ctl_request.hpp"
#include "ctl_show.hpp"
#include "ctl_tail.hpp"
#include "ctl_text.hpp"

#include <boost/algorithm/string/replace.hpp>
#include <boost/json/parse.hpp>

#include <unistd.h>

#include <cstdio>
#include <iostream>
#include <iterator>
#include <optional>
#include <string>

namespace {

namespace json = boost::json;

constexpr std::size_t message_limit = 2000;

int complain(int exit_code, const std::string& what)
{
    std::cout.flush();
    std::cerr << "aiflowctl: " << what << '\n';
    return exit_code;
}

std::optional<json::object> object_from(std::string_view text)
{
    boost::system::error_code failed;
    const json::value v = json::parse(text, failed);
    return failed || !v.is_object() ? std::nullopt : std::optional(v.get_object());
}

bool on_terminal()
{
    return ::isatty(STDOUT_FILENO) == 1;
}

// As it came, except that a terminal gets neither one long line nor control characters.
void print_json(const std::string& body)
{
    if (body.empty())
        return;
    const auto answer = on_terminal() ? object_from(body) : std::nullopt;
    std::cout << (answer ? pretty(*answer) : body + (body.ends_with('\n') ? "" : "\n"));
}

std::string member(const json::object& o, std::string_view name)
{
    const auto* v = o.if_contains(name);
    return v != nullptr && v->is_string() ? aiflow::printable(v->get_string(), message_limit) : "";
}

// The daemon's words, in those of the command line.
std::string in_terms_of_commands(std::string text)
{
    boost::algorithm::replace_all(text, "GET /v1/calls", "aiflowctl calls");
    boost::algorithm::replace_all(text, "GET /v1/sms", "aiflowctl sms list");
    return text;
}

// "field: text" of an error.
std::string why(const json::object& error)
{
    const std::string field = member(error, "field");
    const std::string text = in_terms_of_commands(member(error, "text"));
    return field.empty() || text.empty() ? field + text : field + ": " + text;
}

int refuse(const ctl_flags& f, const ctl_answer& answer)
{
    const auto body = object_from(answer.body);
    const auto* error = body ? body->if_contains("error") : nullptr;
    std::string text;
    if (error != nullptr && error->is_object()) {
        text = why(error->get_object());
        if (f.json)
            print_json(answer.body);
    }
    if (text.empty())
        text = "HTTP status " + std::to_string(answer.status);
    return answer.status == 403 ? complain(exit_not_permitted, "not permitted: " + text)
                                : complain(exit_refused, "the daemon refused: " + text);
}

int not_understood(const ctl_flags& f)
{
    return complain(exit_unavailable, "the answer at " + aiflow::printable(f.socket) +
                                          " is not understood; is this the control socket of "
                                          "aiflowd, and of the same version?");
}

// Of several actions some may be refused.
int tell_refused(const json::object& answer)
{
    const auto* refused = answer.if_contains("refused");
    if (refused == nullptr || !refused->is_array())
        return exit_done;
    int result = exit_done;
    for (const json::value& each : refused->get_array())
        if (each.is_object())
            result = complain(exit_refused, "the daemon refused: " + why(each.get_object()));
    return result;
}

int run(const ctl_flags& f)
{
    const auto answer = ask(f.socket, request_of(f));
    if (!answer)
        return complain(answer.error().exit_code, answer.error().text);
    if (answer->status < 200 || answer->status > 299)
        return refuse(f, *answer);
    const auto body = answer->body.empty() ? json::object() : object_from(answer->body);
    if (!body)
        return not_understood(f);
    const std::string text = shown(f.command, *body);
    if (text.empty())
        return not_understood(f);
    if (f.json)
        print_json(answer->body);
    else
        std::cout << text;
    return f.command == ctl_command::send ? tell_refused(*body) : exit_done;
}

int tail(const ctl_flags& f)
{
    line_splitter lines;
    const bool terminal = on_terminal();
    bool understood = true;
    const auto print = [&](std::string_view line) {
        const auto o = object_from(line);
        understood = understood && o.has_value();
        if (f.json)
            std::cout << (terminal ? aiflow::printable(line, std::string::npos) : std::string(line))
                      << '\n';
        else if (o)
            std::cout << tail_line(*o) << '\n';
    };
    const auto answer = follow(f.socket, request_of(f), [&](std::string_view piece) {
        lines.add(piece, print);
        std::cout.flush();
    });
    if (!answer)
        return complain(answer.error().exit_code, answer.error().text);
    if (answer->status != 200)
        return refuse(f, *answer);
    return understood ? exit_done : not_understood(f);
}

// "-" stands for what comes on stdin.
void read_text(std::string& text)
{
    if (text != "-")
        return;
    text.assign(std::istreambuf_iterator<char>(std::cin), {});
    while (text.ends_with('\n') || text.ends_with('\r'))
        text.pop_back();
}

}  // namespace

int main(int argc, char** argv)
{
    parsed_ctl_flags parsed = parse_ctl_flags(argc, argv);
    if (!parsed.flags)
        return parsed.exit_code;
    read_text(parsed.flags->text);
    return parsed.flags->command == ctl_command::tail ? tail(*parsed.flags) : run(*parsed.flags);
}

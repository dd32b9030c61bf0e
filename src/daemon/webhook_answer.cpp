#include "daemon/webhook_answer.hpp"

#include "protocol/tolerant_actions.hpp"

#include <algorithm>

namespace aiflow {
namespace {

bool is_blank(std::string_view text)
{
    return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

// Not an action at all, which some apps send where they mean nothing (protocol.md 8.1 C15).
bool is_no_action(const problem& p)
{
    return p.code == errc::no_type || p.code == errc::not_json || p.code == errc::not_an_object ||
           p.code == errc::too_deep;
}

}  // namespace

webhook_answer interpret(const received_answer& answer, std::string_view session_id)
{
    using meaning = webhook_answer::meaning;
    webhook_answer result;
    if (answer.status < 200 || answer.status > 299) {
        result.what = meaning::failure;
        return result;
    }
    if (is_blank(answer.body))
        return result;
    auto read = decode_actions_of(session_id, answer.body);
    result.actions = std::move(read.actions);
    result.problems = std::move(read.problems);
    result.refused_sms = std::move(read.refused_sms);
    result.ignored = std::move(read.ignored);
    if (!result.actions.empty() || std::any_of(result.problems.begin(), result.problems.end(),
                                               [](const problem& p) { return !is_no_action(p); }))
        result.what = meaning::actions;
    else if (!result.problems.empty())
        result.what = meaning::no_action;
    return result;
}

}  // namespace aiflow

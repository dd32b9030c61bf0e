// What bots say: JSON that others have written, and values of any bytes from an application. What
// is accepted goes out so that it is read as the same; nothing can add a member or an action (F45).
//
// Input: JSON; or, when it begins with '=', the values of an action (see `from_values`).
#include "aiflow/codec.hpp"
#include "fuzz_input.hpp"
#include "protocol/tolerant_actions.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

using namespace aiflow;
using aiflow::test::fuzz_input;
using aiflow::test::require;

namespace {

// Boost.JSON 1.81 reads some long numbers as a neighbour of what was written.
void round_off(std::optional<double>& number)
{
    if (number)
        number = std::round(*number * 1e12) / 1e12;
}

// What differs on purpose: a leading + of the caller's number is taken off on the way out.
action comparable(action a)
{
    if (auto* t = std::get_if<transfer>(&a); t != nullptr && t->caller_id_number.starts_with('+'))
        t->caller_id_number.erase(0, 1);
    if (auto* m = std::get_if<mix_audio>(&a))
        round_off(m->volume);
    if (auto* v = std::get_if<configure_voice_to_voice>(&a))
        round_off(v->temperature);
    return a;
}

void check_action(std::string_view session, const action& a)
{
    require(!validate(a), "what was read is valid");
    std::string written;
    encode(written, session, a);
    const auto read = decode_actions(written);
    require(read.has_value(), "what goes out can be read", written);
    require(read->size() == 1 && read->front().session_id == session &&
                comparable(read->front().action) == comparable(a),
            "what goes out is read as the same", written);
}

void check_problem(const problem& p)
{
    require(static_cast<bool>(p.code) && !p.text.empty(), "a problem says what is wrong");
    const auto shown = p.field + p.text;
    require(std::all_of(shown.begin(), shown.end(), [](char c) { return c >= ' ' && c < 127; }),
            "a problem repeats nothing that cannot be shown", shown);
}

void check_json(std::string_view json)
{
    constexpr std::string_view session = "call";
    const auto strict = decode_actions(json);
    const auto tolerant = decode_actions_of(session, json);
    for (const auto& p : tolerant.problems)
        check_problem(p);
    if (tolerant.ignored)
        check_problem(*tolerant.ignored);
    for (const auto& a : tolerant.actions)
        check_action(session, a);
    if (!strict)
        return check_problem(strict.error());

    std::vector<action> own;
    for (const auto& a : *strict) {
        require(!a.session_id.empty(), "an action has a session");
        check_action(a.session_id, a.action);
        if (a.session_id == session)
            own.push_back(a.action);
    }
    require(own == tolerant.actions, "who is tolerant understands what is right");
    if (own.empty())
        return;
    std::string written;
    encode(written, session, std::span<const action>(own));
    const auto again = decode_actions(written);
    require(again.has_value() && again->size() == own.size(), "a list stays a list", written);
}

std::optional<int> maybe(fuzz_input& in)
{
    const auto n = in.number(2);
    return n == 0 ? std::nullopt : std::optional(static_cast<int>(n) - 1000);
}

std::optional<action> from_values(fuzz_input& in)
{
    const auto kind = in.below(6);
    std::string first(in.text());
    std::string second(in.text());
    std::string third(in.text());
    barge_in_options interruption{static_cast<barge_in_strategy>(in.below(6)), maybe(in),
                                  maybe(in)};
    switch (kind) {
    case 0:
        return speak{first,        second,    azure_voice{third, {}},
                     interruption, maybe(in), vad_options{static_cast<int>(in.number(2))}};
    case 1:
        return audio{first, interruption};
    case 2:
        return mix_audio{first, static_cast<double>(in.number(8)) / 3e18, in.flag()};
    case 3:
        return configure_transcription{
            static_cast<stt_provider>(in.below(5)), {first, second}, std::vector{third, first}, {}};
    case 4:
        return configure_voice_to_voice{first, second, static_cast<double>(in.number(2)) / 7,
                                        third};
    default:
        break;
    }
    const auto number = phone_number::parse(first);
    if (!number)
        return std::nullopt;
    if (in.flag())
        return send_sms{*number, second};
    return transfer{*number, second, third, maybe(in)};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    fuzz_input in(data, size);
    if (!in.rest().starts_with('=')) {
        check_json(in.rest());
        return 0;
    }
    in.byte();
    const auto a = from_values(in);
    if (!a)
        return 0;
    if (const auto wrong = validate(*a))
        check_problem(*wrong);
    else
        check_action("call", *a);
    return 0;
}

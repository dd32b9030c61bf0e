#include "simulator/timeline.hpp"

#include "aiflow/log.hpp"
#include "simulator/words.hpp"
#include "text/text_columns.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace aiflow::simulator {

namespace {

constexpr std::size_t time_width = 8;
constexpr std::size_t label_width = 12;
constexpr std::size_t name_width = 23;
constexpr std::size_t words_at = time_width + 2 + label_width + 1 + 2 + name_width + 1;

constexpr std::string_view dim = "2";
constexpr std::string_view red = "1;31";
constexpr std::string_view green = "32";
constexpr std::string_view yellow = "33";
constexpr std::string_view cyan = "36";

double seconds_from(clock::time_point zero, clock::time_point at)
{
    return std::chrono::duration<double>(at - zero).count();
}

bool is_failure(const event& e)
{
    return std::holds_alternative<sms_failed>(e);
}

}  // namespace

/// One line, before it is laid out.
struct timeline::row {
    clock::time_point at;
    std::string label;
    std::string_view sign = " ";  // one column: direction, or how it went
    std::string_view color;
    std::string name;
    std::string words;
    bool wrap = false;  // words that must not be cut go on in further lines
};

timeline::timeline(timeline_options options, const journal& seen, clock::time_point zero)
    : options_(options), seen_(seen), zero_(zero)
{
}

std::string timeline::painted(std::string_view color, std::string_view text) const
{
    if (!options_.color || color.empty())
        return std::string(text);
    return "\x1b[" + std::string(color) + "m" + std::string(text) + "\x1b[0m";
}

std::string timeline::label_of(std::size_t call) const
{
    if (call == 0 || call > seen_.calls.size())
        return {};
    return seen_.calls[call - 1].label;
}

std::string timeline::print(const row& r) const
{
    char time[32];
    std::snprintf(time, sizeof time, "%*.3f", static_cast<int>(time_width),
                  seconds_from(zero_, r.at));
    const std::size_t room = options_.width > words_at ? options_.width - words_at : 20;
    std::vector<std::string> parts{fitted(r.words, room)};
    if (r.wrap)
        parts = wrapped(r.words, room);
    std::string text = painted(dim, time) + "  " +
                       padded(fitted(r.label, label_width), label_width) + " " +
                       painted(r.color, r.sign) + " " +
                       painted(r.color, padded(r.name, name_width)) + " " + parts.front() + "\n";
    for (std::size_t i = 1; i < parts.size(); ++i)
        text += std::string(words_at, ' ') + parts[i] + "\n";
    return text;
}

std::string timeline::note(clock::time_point at, std::string_view text) const
{
    return print({at, {}, "!", yellow, "connection", printable(text, 400), true});
}

std::string timeline::lines(const happening& h) const
{
    const std::string connection = "connection " + std::to_string(h.connection);
    row r{h.at, label_of(h.call), " ", {}, {}, {}, false};
    if (std::holds_alternative<connection_opened>(h.what)) {
        r.name = connection;
        r.words = "opened";
        r.sign = "+";
    } else if (const auto* ended = std::get_if<connection_ended>(&h.what)) {
        if (ended->here)
            return {};  // said already by the cut, or the end of it all
        r.name = connection;
        r.words = in_words(ended->how);
        r.sign = "-";
    } else if (const auto* sent = std::get_if<event_sent>(&h.what)) {
        r.sign = sent->lost ? "x" : "→";
        r.color = sent->lost ? red : is_failure(*sent->event) ? yellow : cyan;
        r.name = type_name(*sent->event);
        r.wrap = is_failure(*sent->event);
        r.words = sent->lost ? "lost: there is no connection"
                             : in_words(*sent->event, seen_.calls[h.call - 1].session,
                                        options_.show_content);
    } else if (const auto* raw = std::get_if<raw_sent>(&h.what)) {
        r.sign = raw->lost ? "x" : "→";
        r.color = raw->lost ? red : cyan;
        r.name = "raw message";
        r.words = raw->lost ? "lost: there is no connection"
                            : std::to_string(raw->text.size()) + " bytes";
    } else if (const auto* taken = std::get_if<action_taken>(&h.what)) {
        r.sign = "←";
        r.color = taken->late ? yellow : green;
        r.name = type_name(*taken->action);
        r.words = (taken->late ? "too late: " : "") +
                  in_words(*taken->action, taken->sms, options_.show_content);
    } else if (const auto* refused = std::get_if<message_refused>(&h.what)) {
        r = {h.at, {}, "←", red, "invalid", to_string(*refused->why), true};
    } else if (const auto* cut = std::get_if<cut_made>(&h.what)) {
        r.sign = "x";
        r.color = yellow;
        r.name = connection;
        r.words = in_words(*cut->how);
    } else if (const auto* check = std::get_if<check_made>(&h.what)) {
        if (check->check->held || check->check->line == 0 || h.call == 0)
            return {};  // the summary has it
        r.sign = "✗";
        r.color = red;
        r.name = "expectation failed";
        r.words = check->check->text;
        r.wrap = true;
    } else if (const auto* over = std::get_if<call_over>(&h.what)) {
        r.sign = "=";
        r.color = dim;
        r.name = "over";
        r.words = to_string(over->how);
    } else {
        return {};
    }
    return print(r);
}

std::string timeline::check_line(const check_record& c) const
{
    const std::string who = c.call == 0 ? "" : label_of(c.call) + ": ";
    const std::string where = c.line == 0 || c.held ? "" : " (line " + std::to_string(c.line) + ")";
    const auto parts = wrapped(who + c.text + where, options_.width - 4);
    std::string text = "  " + (c.held ? painted(green, "✓") : painted(red, "✗")) + " ";
    for (std::size_t i = 0; i < parts.size(); ++i)
        text += (i > 0 ? "    " : "") + parts[i] + "\n";
    return text;
}

std::string timeline::failures() const
{
    std::string text;
    for (const check_record& c : seen_.checks) {
        if (!c.held)
            text += check_line(c);
    }
    return text;
}

std::string timeline::check_lines() const
{
    constexpr std::size_t most = 20;  // of either kind; of many calls nobody reads them all
    std::string text;
    std::size_t held = 0;
    std::size_t failed = 0;
    for (const check_record& c : seen_.checks) {
        if (++(c.held ? held : failed) <= most)
            text += check_line(c);
    }
    if (held > most)
        text += "    and " + std::to_string(held - most) + " more that held\n";
    if (failed > most)
        text += "    and " + std::to_string(failed - most) + " more that did not\n";
    return text;
}

std::string timeline::summary() const
{
    const auto failed = static_cast<std::size_t>(std::count_if(
        seen_.checks.begin(), seen_.checks.end(), [](const auto& c) { return !c.held; }));
    const auto refused = static_cast<std::size_t>(
        std::count_if(seen_.sends.begin(), seen_.sends.end(),
                      [](const auto& s) { return s.answer != "accepted" && s.answer != "none"; }));
    const auto of = [](std::size_t n, std::string_view what) {
        return std::to_string(n) + " " + std::string(what) + (n == 1 ? "" : "s");
    };
    std::string text = "\n" + of(seen_.calls.size(), "call") + " on " +
                       of(seen_.connections, "connection") + ": " + of(seen_.events, "event") +
                       " sent, " + of(seen_.actions, "action") + " received, " +
                       of(seen_.sends.size(), "SMS frame");
    if (refused > 0)
        text += " (" + std::to_string(refused) + " failed)";
    text += "\n";
    if (seen_.connections == 0)
        text = "\nNo bot connected.\n";
    if (seen_.lost_events > 0)
        text += of(seen_.lost_events, "event") + " lost for want of a connection\n";
    text += check_lines();
    const std::size_t all = seen_.checks.size();
    if (failed == 0)
        return text + painted(green, "All " + of(all, "expectation") + " held.") + "\n";
    return text +
           painted(red, std::to_string(failed) + " of " + of(all, "expectation") + " failed.") +
           "\n";
}

std::string json_line(const frame_record& f, clock::time_point zero)
{
    boost::json::object line;
    line["t"] = std::round(seconds_from(zero, f.at) * 1e6) / 1e6;
    line["direction"] = f.to_bot ? "event" : "action";
    line["connection"] = f.connection;
    if (f.call != 0)
        line["call"] = f.call;
    if (!f.session.empty())
        line["session"] = f.session;
    line["text"] = f.text;
    return boost::json::serialize(line) + "\n";
}

}  // namespace aiflow::simulator

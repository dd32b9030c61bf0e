#include "protocol/event_parser.hpp"

#include <functional>

namespace aiflow {
namespace {

std::string_view as_std(boost::json::string_view text) noexcept
{
    return {text.data(), text.size()};
}

bool is_inside(std::string_view part, std::string_view whole) noexcept
{
    const std::less_equal<const char*> before;
    return before(whole.data(), part.data()) &&
           before(part.data() + part.size(), whole.data() + whole.size());
}

}  // namespace

void event_parser_handler::begin(std::string_view message)
{
    message_ = message;
    pieces_.clear();
    chosen_.reset();
    at_ = place::element;
    in_array_ = false;
    in_session_ = false;
    depth_ = 0;
    event_depth_ = 0;
    element_ = 0;
}

bool event_parser_handler::on_object_begin(json_error&)
{
    if (at_ == place::element)
        begin_event();
    else
        begin_nested(true);
    ++depth_;
    at_ = find_place();
    return true;
}

bool event_parser_handler::on_object_end(std::size_t, json_error&)
{
    if (at_ == place::in_event) {
        batch_.add(members_, element_++);
        event_depth_ = 0;
    }
    end_nested();
    return true;
}

bool event_parser_handler::on_array_begin(json_error&)
{
    if (depth_ == 0)
        in_array_ = true;
    else
        begin_nested(false);
    ++depth_;
    at_ = find_place();
    return true;
}

bool event_parser_handler::on_array_end(std::size_t, json_error&)
{
    end_nested();
    // An array that holds nothing is as useless as any other message without an event.
    if (depth_ == 0 && element_ == 0)
        batch_.drop(errc::not_an_object);
    return true;
}

bool event_parser_handler::on_key_part(json_text part, std::size_t, json_error&)
{
    if (at_member())
        pieces_.append(as_std(part));
    return true;
}

bool event_parser_handler::on_key(json_text part, std::size_t, json_error&)
{
    if (!at_member())
        return true;
    if (pieces_.empty()) {
        choose_member(as_std(part));
    } else {
        pieces_.append(as_std(part));
        choose_member(pieces_);
        pieces_.clear();
    }
    return true;
}

bool event_parser_handler::on_string_part(json_text part, std::size_t, json_error&)
{
    if (at_member() && chosen_ && chosen_ != event_member::session)
        pieces_.append(as_std(part));
    return true;
}

bool event_parser_handler::on_string(json_text part, std::size_t, json_error&)
{
    auto* value = begin_value(value_kind::text);
    if (value == nullptr)
        return true;
    const auto text = as_std(part);
    if (pieces_.empty() && is_inside(text, message_)) {
        value->text = text;
        return true;
    }
    value->unescaped.assign(pieces_).append(text);
    value->text = value->unescaped;
    pieces_.clear();
    return true;
}

bool event_parser_handler::on_int64(std::int64_t number, json_text, json_error&)
{
    if (auto* value = begin_value(value_kind::integer))
        value->integer = number;
    return true;
}

bool event_parser_handler::on_uint64(std::uint64_t number, json_text, json_error&)
{
    // Only what does not fit into 63 bits comes here, so no digit of an integer is lost.
    if (auto* value = begin_value(value_kind::real))
        value->real = static_cast<double>(number);
    return true;
}

bool event_parser_handler::on_double(double number, json_text, json_error&)
{
    if (auto* value = begin_value(value_kind::real))
        value->real = number;
    return true;
}

bool event_parser_handler::on_bool(bool truth, json_error&)
{
    if (auto* value = begin_value(value_kind::boolean))
        value->boolean = truth;
    return true;
}

bool event_parser_handler::on_null(json_error&)
{
    begin_value(value_kind::null);
    return true;
}

event_parser_handler::place event_parser_handler::find_place() const noexcept
{
    if (event_depth_ != 0 && depth_ == event_depth_)
        return place::in_event;
    if (in_session_ && depth_ == event_depth_ + 1)
        return place::in_session;
    return depth_ == 0 || (depth_ == 1 && in_array_) ? place::element : place::elsewhere;
}

void event_parser_handler::begin_event()
{
    members_.clear();
    event_depth_ = depth_ + 1;
}

void event_parser_handler::begin_nested(bool is_object)
{
    begin_value(value_kind::nested);
    if (at_ == place::in_event && chosen_ == event_member::session) {
        in_session_ = is_object;
        members_.session_is_wrong = !is_object;
    }
}

void event_parser_handler::end_nested()
{
    --depth_;
    at_ = find_place();
    if (at_ == place::in_event)
        in_session_ = false;
}

void event_parser_handler::choose_member(std::string_view name)
{
    chosen_ = at_ == place::in_event ? find_event_member(name) : find_session_member(name);
    if (!chosen_)
        members_.has_unknown = true;
}

member_value* event_parser_handler::begin_value(value_kind kind)
{
    if (at_ == place::element) {
        batch_.drop(errc::not_an_object);
        ++element_;
        return nullptr;
    }
    if (at_ == place::elsewhere || !chosen_)
        return nullptr;
    if (chosen_ == event_member::session) {
        // Of two session objects, the last one counts as a whole.
        members_.session_is_wrong = kind != value_kind::null;
        members_.clear_session();
        return nullptr;
    }
    return &members_.give(*chosen_, kind);
}

}  // namespace aiflow

#pragma once

#include "protocol/event_batch.hpp"
#include "protocol/event_members.hpp"

#include <boost/json/error.hpp>
#include <boost/json/string_view.hpp>

namespace aiflow {

/// What `boost::json::basic_parser` calls: picks the known members out of a message and skips the
/// rest, without building a tree.
///
/// Lifetime: the batch outlives it. Views into the message live until the next one begins.
class event_parser_handler {
public:
    using json_error = boost::json::error_code;
    using json_text = boost::json::string_view;

    // The size of a message is limited before it comes here.
    static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

    explicit event_parser_handler(event_batch& batch) : batch_(batch) {}

    /// To be called before each message. What is not escaped is not copied, but viewed in
    /// `message`.
    void begin(std::string_view message);

    bool on_document_begin(json_error&) { return true; }
    bool on_document_end(json_error&) { return true; }
    bool on_object_begin(json_error&);
    bool on_object_end(std::size_t, json_error&);
    bool on_array_begin(json_error&);
    bool on_array_end(std::size_t, json_error&);
    bool on_key_part(json_text part, std::size_t, json_error&);
    bool on_key(json_text part, std::size_t, json_error&);
    bool on_string_part(json_text part, std::size_t, json_error&);
    bool on_string(json_text part, std::size_t, json_error&);
    bool on_number_part(json_text, json_error&) { return true; }
    bool on_int64(std::int64_t number, json_text, json_error&);
    bool on_uint64(std::uint64_t number, json_text, json_error&);
    bool on_double(double number, json_text, json_error&);
    bool on_bool(bool truth, json_error&);
    bool on_null(json_error&);
    bool on_comment_part(json_text, json_error&) { return true; }
    bool on_comment(json_text, json_error&) { return true; }

private:
    // Which object the next member or value belongs to.
    enum class place : unsigned char { element, in_event, in_session, elsewhere };

    bool at_member() const noexcept { return at_ == place::in_event || at_ == place::in_session; }

    place find_place() const noexcept;
    void begin_event();
    void begin_nested(bool is_object);
    void end_nested();
    void choose_member(std::string_view name);

    // The place for the value that comes now, or null when nobody wants it.
    member_value* begin_value(value_kind kind);

    event_batch& batch_;
    event_members members_;
    std::string_view message_;
    std::string pieces_;  // of a key or string that comes in more than one call
    std::optional<event_member> chosen_;
    place at_ = place::element;
    bool in_array_ = false;
    bool in_session_ = false;
    std::size_t depth_ = 0;
    std::size_t event_depth_ = 0;  // of the members of the event; 0 outside of one
    std::size_t element_ = 0;
};

}  // namespace aiflow

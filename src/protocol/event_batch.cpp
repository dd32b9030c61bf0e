#include "protocol/event_batch.hpp"

#include "protocol/build_event.hpp"

#include <algorithm>

namespace aiflow {
namespace {

constexpr std::string_view blanks = " \t\r\n";

// Walks over the elements of a JSON array that a parser has found to be valid; anything else is its
// own only element. A second look costs only those messages that hold something unknown, and so
// the parser needs no notion of places.
class elements {
public:
    explicit elements(std::string_view json) : rest_(json)
    {
        skip(blanks);
        is_array_ = rest_.starts_with('[');
        if (is_array_)
            rest_.remove_prefix(1);
    }

    std::string_view next()
    {
        skip(is_array_ ? std::string_view(" \t\r\n,") : blanks);
        const auto end = end_of_value();
        auto element = rest_.substr(0, end);
        rest_.remove_prefix(end);
        element.remove_suffix(element.size() - element.find_last_not_of(blanks) - 1);
        return element;
    }

private:
    void skip(std::string_view what)
    {
        rest_.remove_prefix(std::min(rest_.find_first_not_of(what), rest_.size()));
    }

    std::size_t end_of_value() const
    {
        std::size_t depth = 0;
        bool in_string = false;
        for (std::size_t i = 0; i < rest_.size(); ++i) {
            const char c = rest_[i];
            if (in_string) {
                if (c == '\\')
                    ++i;
                else if (c == '"')
                    in_string = false;
            } else if (c == '"') {
                in_string = true;
            } else if (c == '{' || c == '[') {
                ++depth;
            } else if (depth == 0 && (c == ',' || c == ']')) {
                return i;
            } else if ((c == '}' || c == ']') && --depth == 0) {
                return i + 1;
            }
        }
        return rest_.size();
    }

    std::string_view rest_;
    bool is_array_ = false;
};

}  // namespace

void event_batch::clear()
{
    // One huge array must not keep its memory for the life of the connection.
    constexpr std::size_t kept = 64;
    if (events_.size() > kept) {
        events_.resize(kept);
        events_.shrink_to_fit();
    }
    wanted_.clear();
    count_ = 0;
    dropped_ = 0;
    wrong_types_ = 0;
    first_error_ = {};
}

void event_batch::add(const event_members& members, std::size_t element)
{
    if (count_ == events_.size())
        events_.emplace_back();
    auto& e = events_[count_];
    const auto built = build_event(members, e);
    wrong_types_ += built.wrong_types;
    if (built.error) {
        drop(static_cast<errc>(built.error.value()));
        return;
    }
    if (built.has_unknown || std::holds_alternative<unknown_event>(e.event))
        wanted_.push_back({count_, element, built.has_unknown});
    ++count_;
}

void event_batch::drop(errc why)
{
    ++dropped_;
    if (!first_error_)
        first_error_ = why;
}

void event_batch::keep_raw_texts(std::string_view json)
{
    elements all(json);
    std::size_t passed = 0;
    for (const auto& wanted : wanted_) {
        for (; passed < wanted.element; ++passed)
            all.next();
        const auto text = all.next();
        ++passed;
        auto& e = events_[wanted.event];
        if (wanted.has_unknown)
            e.raw.assign(text);
        if (auto* unknown = std::get_if<unknown_event>(&e.event))
            unknown->raw.assign(text);
    }
}

decoded_message event_batch::result()
{
    return {{events_.data(), count_}, first_error_, dropped_, wrong_types_};
}

}  // namespace aiflow

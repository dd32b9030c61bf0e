#pragma once

#include "aiflow/error.hpp"
#include "aiflow/phone_number.hpp"
#include "protocol/action_names.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aiflow {

/// Reads the members of a JSON object, each once and by name, and reports what does not fit.
///
/// A member that is absent reads as empty; the first problem is kept, and reading goes on, so that
/// the callers stay straight lines.
/// Lifetime: `object` and `found` outlive it.
class strict_object {
public:
    strict_object(const boost::json::object& object, std::string place,
                  std::optional<problem>& found);

    bool has(std::string_view name) const { return object_->contains(name); }

    std::string text(std::string_view name);
    std::string needed_text(std::string_view name);
    std::optional<int> integer(std::string_view name);
    std::optional<double> number(std::string_view name);
    bool boolean(std::string_view name);
    std::optional<std::vector<std::string>> texts(std::string_view name);
    std::optional<phone_number> needed_phone_number(std::string_view name);

    template <class Enum, std::size_t N>
    std::optional<Enum> choice(std::string_view name, const name_table<Enum, N>& table)
    {
        if (find(name) == nullptr)
            return std::nullopt;
        const auto value = value_in(table, text(name));
        if (!value)
            report(errc::invalid_value, name, "is none of " + choices(table));
        return value;
    }

    /// The object of that name, to be read by another reader.
    std::optional<strict_object> object(std::string_view name);

    /// Reports members that nobody has asked for. To be called last.
    void finish();

    void report(errc code, std::string_view name, std::string text);

private:
    const boost::json::value* find(std::string_view name);
    std::string place_of(std::string_view name) const;

    const boost::json::object* object_;
    std::string place_;
    std::optional<problem>* found_;
    std::vector<std::string_view> asked_;
};

}  // namespace aiflow

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

/// What is wrong with a value that is being read; only the first of each kind.
struct read_problems {
    std::optional<problem> found = {};
    /// A member that nobody knows is not a problem but kept here, and null is absent.
    bool tolerant = false;
    std::optional<problem> ignored = {};
};

/// Reads the members of a JSON object, each once and by name, and reports what does not fit.
///
/// A member that is absent reads as empty; the first problem is kept, and reading goes on, so that
/// the callers stay straight lines.
/// Lifetime: `object` and `problems` outlive it.
class strict_object {
public:
    strict_object(const boost::json::object& object, std::string place, read_problems& problems);

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

    /// Whether the member is there.
    bool has(std::string_view name) const;

    /// Reports members that nobody has asked for. To be called last.
    void finish();

    void report(errc code, std::string_view name, std::string text);

private:
    const boost::json::value* find(std::string_view name);
    void report_unknown(std::string_view name);
    std::string place_of(std::string_view name) const;

    const boost::json::object* object_;
    std::string place_;
    read_problems* problems_;
    std::vector<std::string_view> asked_;
};

}  // namespace aiflow

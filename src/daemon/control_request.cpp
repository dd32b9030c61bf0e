#include "daemon/control_request.hpp"

#include "aiflow/log.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <algorithm>
#include <charconv>
#include <utility>

namespace aiflow {

std::optional<control_request> parse_control_target(std::string_view target)
{
    const auto parsed = boost::urls::parse_origin_form({target.data(), target.size()});
    if (!parsed)
        return std::nullopt;
    control_request r;
    r.path = parsed->path();
    for (const auto& p : parsed->params())
        if (!r.query.emplace(p.key, p.value).second)
            return std::nullopt;
    return r;
}

std::string_view query_reader::text(std::string_view name)
{
    asked_.push_back(name);
    const auto found = query_.find(name);
    return found == query_.end() ? std::string_view() : std::string_view(found->second);
}

bool query_reader::flag(std::string_view name)
{
    const auto value = text(name);
    if (value == "true")
        return true;
    if (query_.contains(name) && value != "false")
        report(name, "is neither true nor false; give one of them, or leave it out");
    return false;
}

std::size_t query_reader::count(std::string_view name, std::size_t otherwise, std::size_t max)
{
    const auto value = text(name);
    if (!query_.contains(name))
        return otherwise;
    std::size_t n = 0;
    const auto* const end = value.data() + value.size();
    const auto read = std::from_chars(value.data(), end, n);
    if (read.ec == std::errc() && read.ptr == end && n >= 1 && n <= max)
        return n;
    report(name, "is no whole number from 1 to " + std::to_string(max));
    return otherwise;
}

void query_reader::report(std::string_view name, std::string text)
{
    if (!found_)
        found_ = problem{make_error_code(errc::invalid_value), std::string(name), std::move(text)};
}

std::optional<problem> query_reader::finish()
{
    for (const auto& [name, value] : query_) {
        if (std::find(asked_.begin(), asked_.end(), name) != asked_.end())
            continue;
        std::string known;
        for (const auto& each : asked_)
            known.append(known.empty() ? "" : ", ").append(each);
        report(printable(name, 40), known.empty() ? "is not known here; this request has no query"
                                                  : "is not known here; there are " + known);
    }
    return std::move(found_);
}

}  // namespace aiflow

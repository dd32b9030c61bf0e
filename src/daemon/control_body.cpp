#include "daemon/control_body.hpp"

#include <boost/json/parse.hpp>

#include <utility>

namespace aiflow {

void read_body(std::string_view body, std::optional<problem>& wrong,
               const std::function<void(strict_object&)>& read)
{
    boost::json::error_code ec;
    const auto value = boost::json::parse({body.data(), body.size()}, ec);
    if (ec) {
        wrong = problem{make_error_code(errc::not_json), "body", "is not JSON: " + ec.message()};
        return;
    }
    const auto* const object = value.if_object();
    if (object == nullptr) {
        wrong = problem{make_error_code(errc::not_an_object), "body",
                        "has to be one JSON object, {...}"};
        return;
    }
    read_problems problems;
    strict_object reader(*object, {}, problems);
    read(reader);
    reader.finish();
    if (!wrong)
        wrong = std::move(problems.found);
}

}  // namespace aiflow

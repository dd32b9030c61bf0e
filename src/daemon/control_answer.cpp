#include "daemon/control_answer.hpp"

#include <boost/json/serialize.hpp>

#include <utility>

namespace aiflow {

control_answer json_answer(unsigned status, const boost::json::object& o)
{
    control_answer a;
    a.status = status;
    a.body = boost::json::serialize(o) + "\n";
    return a;
}

control_answer error_answer(const control_error& e)
{
    return json_answer(e.status, {{"error", to_json(e)}});
}

control_answer error_answer(const problem& p)
{
    return error_answer(error_of(p));
}

control_answer text_answer(unsigned status, std::string text)
{
    control_answer a;
    a.status = status;
    a.body = std::move(text);
    a.content_type = "text/plain; charset=utf-8";
    return a;
}

}  // namespace aiflow

// What a test expects of an answer; the rig itself serves the fuzzer as well.
#include "control_rig.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value_to.hpp>
#include <boost/test/unit_test.hpp>

#include <utility>

namespace aiflow::test {

boost::json::value control_rig::json(unsigned status, std::string method, std::string target,
                                     std::string body)
{
    const auto what = method + " " + target + " " + body;
    const auto a = ask(std::move(method), std::move(target), std::move(body));
    BOOST_TEST(a.status == status, what << " gives " << a.status << " " << a.body);
    BOOST_TEST(a.content_type == "application/json");
    return boost::json::parse(a.body);
}

std::string control_rig::error(unsigned status, std::string method, std::string target,
                               std::string body)
{
    const auto answer = json(status, std::move(method), std::move(target), std::move(body));
    const auto& e = answer.at("error").as_object();
    // Whoever is refused learns why.
    BOOST_TEST(!e.at("text").as_string().empty());
    return boost::json::value_to<std::string>(e.at("code"));
}

}  // namespace aiflow::test

#include "failing_outbox.hpp"

#include <stdexcept>
#include <utility>

namespace aiflow::test {

asio::awaitable<error_code> failing_outbox::put(sms_record record, durability when)
{
    const verdict v = decide(operation::put);
    if (v.takes > clock::duration{})
        co_await time_.sleep_until(time_.now() + v.takes);
    if (v.throws)
        throw std::runtime_error("the outbox is out of order");
    if (v.error)
        co_return v.error;
    const sms_record kept = record;
    const auto ec = co_await inner_.put(std::move(record), when);
    if (!ec)
        on_stored(kept);
    co_return ec;
}

asio::awaitable<boost::system::result<std::vector<sms_record>>>
failing_outbox::load(std::chrono::seconds keep)
{
    const verdict v = decide(operation::load);
    if (v.error)
        co_return v.error;
    auto all = co_await inner_.load(keep);
    co_return all;
}

}  // namespace aiflow::test

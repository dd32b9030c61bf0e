#include "bench/load_driver.hpp"

#include "aiflow/codec.hpp"

#include <algorithm>
#include <charconv>

namespace aiflow::bench {

namespace {

// 258 bytes, as a call's events are in real life.
std::string question(std::size_t call)
{
    incoming_event e;
    e.session.id = "550e8400-e29b-41d4-a716-" + std::to_string(100'000'000'000 + call);
    e.session.account_id = "account-123";
    e.session.phone_number = "1234567890";
    e.event = user_speak{"Hello, I need help with my order from last week, please.", false};
    std::string text;
    encode(text, e);
    return text;
}

}  // namespace

std::chrono::duration<double, std::micro> figures::percentile(double p) const
{
    if (latencies.empty())
        return {};
    const auto last = static_cast<double>(latencies.size() - 1);
    return latencies[static_cast<std::size_t>(p * last)];
}

load_driver::load_driver(message_stream& stream, std::size_t calls, std::size_t turnarounds)
    : stream_(stream), turnarounds_(turnarounds), asked_(calls)
{
    for (std::size_t i = 0; i < calls; ++i)
        questions_.push_back(question(i));
}

void load_driver::ask(std::size_t call)
{
    if (sent_ == turnarounds_)
        return;
    ++sent_;
    asked_[call] = steady::now();
    batch_.push_back({outgoing_message::text, questions_[call]});
}

// The call's number is the tail of its session id; a full parse would measure the driver instead.
std::size_t load_driver::answered(std::string_view action)
{
    constexpr std::string_view key = R"("session_id":"550e8400-e29b-41d4-a716-)";
    const auto at = action.find(key);
    std::size_t number = 0;
    if (at != std::string_view::npos) {
        const auto* begin = action.data() + at + key.size();
        std::from_chars(begin, begin + 12, number);
    }
    number -= 100'000'000'000;
    if (number >= asked_.size())
        throw boost::system::system_error(make_error_code(errc::not_an_object), "bench answer");
    return number;
}

asio::awaitable<void> load_driver::flush()
{
    if (batch_.empty())
        co_return;
    const auto written = co_await stream_.write(batch_);
    batch_.clear();
    if (written.error)
        throw boost::system::system_error(written.error, "bench write");
}

asio::awaitable<figures> load_driver::run()
{
    figures result;
    result.latencies.reserve(turnarounds_);
    const auto began = steady::now();
    for (std::size_t i = 0; i < asked_.size(); ++i)
        ask(i);
    co_await flush();
    while (result.latencies.size() < turnarounds_) {
        const auto batch = co_await stream_.read();
        if (!batch)
            throw boost::system::system_error(batch.error(), "bench read");
        const auto now = steady::now();
        for (const auto& m : *batch) {
            if (m.kind != incoming_message::text)
                continue;
            const auto call = answered(m.data);
            result.latencies.push_back(now - asked_[call]);
            ask(call);
        }
        co_await flush();
    }
    result.took = steady::now() - began;
    result.turnarounds = turnarounds_;
    std::sort(result.latencies.begin(), result.latencies.end());
    co_return result;
}

}  // namespace aiflow::bench

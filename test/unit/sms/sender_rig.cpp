#include "sender_rig.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace aiflow::test {

asio::awaitable<error_code> slow_outbox::put(sms_record record, durability when)
{
    if (throws)
        throw std::runtime_error("the disk is gone");
    most_under_way = std::max(most_under_way, ++under_way);
    if (delay > clock::duration{0})
        co_await time_.sleep_until(time_.now() + delay);
    --under_way;
    if (error)
        co_return error;
    done.push_back(record.state);
    co_return co_await kept_.put(std::move(record), when);
}

std::optional<error_code> slow_outbox::put_at_once(const sms_record& record, durability when)
{
    if (!at_once)
        return std::nullopt;
    if (throws)
        throw std::runtime_error("the disk is gone");
    done.push_back(record.state);
    return kept_.put_at_once(record, when);
}

asio::awaitable<boost::system::result<std::vector<sms_record>>>
slow_outbox::load(std::chrono::seconds keep)
{
    if (error)
        co_return error;
    co_return co_await kept_.load(keep);
}

sender_rig::sender_rig(sms_rules r) : rules(std::move(r))
{
    make_sender();
}

sender_rig::~sender_rig()
{
    sender.reset();
    disk.delay = {};
    run(1min);
}

void sender_rig::make_sender()
{
    logger to_memory(
        [this](const log_record& r) {
            std::string line(r.id);
            line.append(": ").append(r.text);
            for (const auto& f : r.fields)
                line.append(" ").append(f.name).append("=").append(f.value);
            log.push_back(std::move(line));
        },
        log_level::debug);
    sender = std::make_unique<sms_sender>(io.get_executor(), time, std::move(to_memory), *this,
                                          disk, rules, seed_++);
}

bool sender_rig::transmit(std::string_view, const sms_attempt_key& key, send_sms frame)
{
    frames.push_back(std::move(frame));
    keys.push_back(key);
    if (on_transmit)
        on_transmit();
    return true;
}

void sender_rig::report(std::string_view, const sms_outcome& outcome)
{
    outcomes.push_back(outcome);
}

void sender_rig::start()
{
    asio::co_spawn(io, sender->start(), [this](std::exception_ptr thrown, error_code ec) {
        if (thrown)
            std::rethrow_exception(thrown);
        started = ec;
    });
    settle();
    sender->vendor_reachable(true);
    sender->session_up("call");
}

void sender_rig::restart()
{
    sender.reset();
    settle();
    make_sender();
    start();
}

std::shared_ptr<sender_rig::answer> sender_rig::begin(std::string text, sms_options options,
                                                      std::string session)
{
    auto result = std::make_shared<answer>();
    asio::co_spawn(io,
                   sender->submit(std::move(session), phone_number::parse("4915112345678").value(),
                                  std::move(text), std::move(options)),
                   [result](std::exception_ptr thrown, checked<sms_ticket> t) {
                       if (thrown)
                           std::rethrow_exception(thrown);
                       *result = std::move(t);
                   });
    settle();
    return result;
}

sms_ticket sender_rig::send(std::string text, sms_options options)
{
    return begin(std::move(text), std::move(options))->value().value();
}

std::shared_ptr<std::optional<checked<sms_outcome>>> sender_rig::await_outcome(sms_id id)
{
    auto result = std::make_shared<std::optional<checked<sms_outcome>>>();
    asio::co_spawn(io, sender->outcome(id),
                   [result](std::exception_ptr thrown, checked<sms_outcome> o) {
                       if (thrown)
                           std::rethrow_exception(thrown);
                       *result = std::move(o);
                   });
    settle();
    return result;
}

sms_failure sender_rig::fail(std::string reason)
{
    auto result = sender->failed("call", {"4915112345678", std::move(reason), "code 403"});
    settle();
    return result;
}

bool sender_rig::logged(std::string_view id) const
{
    return std::any_of(log.begin(), log.end(),
                       [id](const std::string& line) { return line.starts_with(id); });
}

}  // namespace aiflow::test

#include "daemon/daemon.hpp"

#include "daemon/watchdog.hpp"
#include "text/phrases.hpp"
#include "transport/exception_text.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <csignal>
#include <utility>

namespace aiflow {

namespace {

constexpr std::chrono::seconds house_interval{5};

}  // namespace

daemon::daemon(asio::io_context& io, daemon_setup setup)
    : io_(io), setup_(std::move(setup)), feed_(io.get_executor(), real_clock()),
      api_(*this, feed_, setup_.log), signals_(io, SIGTERM, SIGINT, SIGHUP),
      house_(io.get_executor()), started_(real_clock().wall_now()), configured_(started_)
{
    env_.log = setup_.log;
    env_.observers = {&metrics_, &feed_};
    env_.show_all_failures = setup_.config.handler.show_all_failures;
    env_.retry_sms = setup_.config.sms.retry;
    env_.apology = setup_.config.handler.apology;
}

daemon::~daemon() = default;

exit_code daemon::run()
{
    if (const auto failed = open())
        return *failed;
    start();
    io_.run();
    return result_;
}

void daemon::start()
{
    phase_ = phase::serving;
    wait_for_signal();
    for (const auto& side : sides_) {
        ++sides_running_;
        asio::co_spawn(io_, side->run(), [this, &side](std::exception_ptr thrown, error_code ec) {
            side_ended(*side, std::move(thrown), ec);
        });
    }
    bot_running_ = true;
    asio::co_spawn(
        io_, bot_->run(),
        asio::bind_cancellation_slot(
            winding_down_.slot(), [this](const std::exception_ptr& thrown) { bot_ended(thrown); }));
    for (const auto& server : servers_)
        asio::co_spawn(io_, server->run(), asio::detached);
    asio::co_spawn(io_, keep_house(), asio::detached);
    if (const auto interval = watchdog_interval(setup_.service)) {
        auto w = std::make_shared<watchdog>(
            real_clock(), *setup_.manager, *interval, [this] { return not_healthy(); }, setup_.log);
        auto run = w->run();
        asio::co_spawn(io_, std::move(run),
                       asio::bind_cancellation_slot(
                           watchdog_.slot(), [w = std::move(w)](const std::exception_ptr&) {}));
    }
    setup_.log.write(log_level::info, "daemon.ready", "ready for calls",
                     {{"pid", std::to_string(::getpid())}});
    told_ = status_text();
    setup_.manager->ready(told_);
}

void daemon::wait_for_signal()
{
    signals_.async_wait([this](error_code ec, int number) {
        if (ec)
            return;
        if (number == SIGHUP)
            reload();
        else
            stop();
        wait_for_signal();
    });
}

void daemon::drain()
{
    if (serving())
        stop();
}

void daemon::stop()
{
    if (phase_ == phase::draining || phase_ == phase::ending) {
        setup_.log.write(log_level::warning, "daemon.stop", "told again to stop: ending at once");
        for (const auto& side : sides_)
            side->abort();
        if (phase_ == phase::ending)
            winding_down_.emit(asio::cancellation_type::terminal);
        return;
    }
    if (!serving())
        return;
    phase_ = phase::draining;
    setup_.log.write(log_level::info, "daemon.drain",
                     "told to stop: letting the calls end, taking no further ones",
                     {{"calls", std::to_string(env_.calls.size())}});
    setup_.manager->stopping(status_text());
    for (const auto& side : sides_)
        side->stop();
}

void daemon::side_ended(const call_side& side, std::exception_ptr thrown, error_code ec)
{
    if (thrown || ec) {
        setup_.log.write(log_level::error, "daemon.failed", "a side of the daemon has failed",
                         {{"what", std::string(side.name())},
                          {"error", thrown ? exception_text(thrown) : ec.message()}});
        if (result_ == exit_code::drained)
            result_ = exit_code::storage;
    }
    if (--sides_running_ > 0) {
        if (serving())
            stop();
        return;
    }
    phase_ = phase::ending;
    if (!bot_running_)
        return end();
    bot_->stop();
}

void daemon::bot_ended(const std::exception_ptr& thrown)
{
    bot_running_ = false;
    if (thrown) {
        setup_.log.write(log_level::error, "daemon.failed", "what answers the calls has failed",
                         {{"what", "handler"}, {"error", exception_text(thrown)}});
        result_ = exit_code::unavailable;
        stop();
    }
    if (phase_ == phase::ending)
        end();
}

void daemon::end()
{
    signals_.cancel();
    house_.notify();
    watchdog_.emit(asio::cancellation_type::all);
    for (const auto& server : servers_)
        server->stop();
    setup_.log.write(log_level::info, "daemon.end", "ended in order");
}

asio::awaitable<void> daemon::keep_house()
{
    for (;;) {
        for (const auto& side : sides_)
            co_await side->look_into_store();
        look_after_storage();
        if (auto now = status_text(); now != told_) {
            told_ = std::move(now);
            setup_.manager->status(told_);
        }
        const auto next = real_clock().now() + house_interval;
        const bool over = co_await house_.wait_until(real_clock(), next);
        if (over)
            co_return;
    }
}

void daemon::look_after_storage()
{
    if (!serving())
        return;
    for (const auto& side : sides_) {
        if (!side->store().broken())
            continue;
        setup_.log.write(log_level::error, "daemon.storage",
                         "the outbox cannot be written any more: ending, so that the next start "
                         "takes up what it holds");
        result_ = exit_code::storage;
        return stop();
    }
}

std::string daemon::status_text() const
{
    std::size_t open = 0;
    std::size_t connections = 0;
    for (const auto& side : sides_) {
        open += side->sms().open;
        connections += side->statistics().open_connections;
    }
    std::string text = phase_ == phase::draining ? "draining: " : "";
    text += count_of(env_.calls.size(), "call") + " on " + count_of(connections, "connection") +
            ", " + std::to_string(open) + " SMS not settled";
    if (const auto why = not_ready())
        text += "; " + *why;
    return text;
}

}  // namespace aiflow

#include "session/client_loop.hpp"

#include "transport/deadline.hpp"
#include "transport/exception_text.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/this_coro.hpp>

#include <exception>
#include <utility>

namespace aiflow {

client_loop::client_loop(asio::any_io_executor executor, client_options options, connector connect)
    : executor_(executor), options_(std::move(options)), service_(executor, options_),
      time_(service_.time), home_(service_.sessions), connect_(std::move(connect)),
      backoff_(options_.backoff, service_.seed ^ 1), stop_connecting_(executor),
      stop_serving_(executor)
{
}

asio::awaitable<error_code> client_loop::run()
{
    using namespace asio::experimental::awaitable_operators;
    const auto self = shared_from_this();
    if (std::exchange(started_, true))
        co_return asio::error::already_started;
    co_await asio::this_coro::throw_if_cancelled(false);
    const auto stored = co_await home_->start();
    std::exception_ptr thrown;
    if (!stored)
        thrown = co_await home_->watch_during(stay_connected() && shut_down());
    status_.state = client_state::stopped;
    if (thrown)
        std::rethrow_exception(thrown);
    co_return stored;
}

void client_loop::stop()
{
    if (std::exchange(stopping_, true))
        return abort();
    stop_connecting_.notify();
    stop_serving_.notify();
}

void client_loop::abort()
{
    stopping_ = true;
    aborting_ = true;
    stop_connecting_.notify();
    stop_serving_.notify();
    home_->quiet().notify();
    if (connection_)
        connection_->abort();
}

asio::awaitable<void> client_loop::stay_connected()
{
    co_await asio::this_coro::throw_if_cancelled(false);
    while (!stopping_) {
        status_.state = client_state::connecting;
        auto opened = co_await open();
        if (stopping_ && !opened)
            break;
        if (opened) {
            co_await use(std::move(*opened));
        } else {
            const auto next = backoff_.next(opened.error(), time_.now());
            note(opened.error(), next);
            co_await pause(next);
        }
        const auto state = co_await asio::this_coro::cancellation_state;
        if (is_cancelled(state))
            break;
    }
}

// Apart from `open`, whose `||` waits for the other one when one has thrown.
asio::awaitable<dial_result> client_loop::connect()
{
    try {
        if (connect_)
            co_return co_await connect_();
        co_return co_await dial(time_, dial_options_of(options_));
    } catch (...) {
        connect_failure f;
        f.error = error_of(std::current_exception());
        co_return f;
    }
}

asio::awaitable<dial_result> client_loop::open()
{
    using namespace asio::experimental::awaitable_operators;
    auto first = co_await (connect() || stop_connecting_.wait());
    if (auto* opened = std::get_if<0>(&first))
        co_return std::move(*opened);
    connect_failure stopped;
    stopped.error = make_error_code(errc::shutting_down);
    co_return stopped;
}

asio::awaitable<void> client_loop::use(std::unique_ptr<message_stream> stream)
{
    const auto label = std::to_string(++connections_);
    connection_ =
        std::make_shared<connection>(std::move(stream), *home_, time_, options_.connection, label);
    status_.state = client_state::open;
    status_.failures = 0;
    status_.last_failure.reset();
    options_.log.write(log_level::info, "connection.open", "connected", {{"connection", label}});
    if (aborting_)
        connection_->abort();
    const auto ended = co_await connection_->run();
    connection_.reset();
    home_->quiet().notify();  // a shutdown need not wait for calls without a connection
    status_.last_end = ended.end;
    if (stopping_)
        co_return;
    const auto next = backoff_.next(ended.end, ended.lived, ended.proven, time_.now());
    note(ended, next);
    co_await pause(next);
}

asio::awaitable<void> client_loop::pause(const backoff_decision& next)
{
    if (stopping_)
        co_return;
    status_.state = client_state::waiting;
    status_.next_attempt = time_.now() + next.delay;
    co_await stop_connecting_.wait_until(time_, status_.next_attempt);
}

void client_loop::note(const connect_failure& f, const backoff_decision& next)
{
    ++status_.failures;
    status_.last_failure = f;
    // A state that lasts is told once; what an operator has to mend is told again now and then.
    const bool first = status_.failures == 1;
    const auto level = next.loud ? log_level::error : first ? log_level::warning : log_level::debug;
    options_.log.write(level, next.loud ? "connection.misconfigured" : "connection.failed",
                       to_string(f), {{"next_in_s", in_seconds(next.delay)}});
}

void client_loop::note(const connection_end& e, const backoff_decision& next)
{
    auto text = describe(e.end);
    if (idle_cuts_.ended(e.end.error, e.silent, time_.now()))
        text += idle_cut_remedy;
    options_.log.write(next.loud ? log_level::error : log_level::warning, "connection.lost", text,
                       {{"connection", std::to_string(connections_)},
                        {"lived_s", in_seconds(e.lived)},
                        {"silent_s", in_seconds(e.silent)},
                        {"next_in_s", in_seconds(next.delay)}});
}

asio::awaitable<void> client_loop::shut_down()
{
    co_await asio::this_coro::throw_if_cancelled(false);
    co_await stop_serving_.wait();
    status_.state = client_state::stopping;
    home_->refuse_new();
    const auto deadline = time_.now() + options_.drain;
    while (connection_ && !aborting_ && home_->live() > 0) {
        if (!co_await home_->quiet().wait_until(time_, deadline))
            break;
    }
    co_await home_->stop(aborting_ ? clock::duration{} : options_.sessions.farewell);
    if (connection_)
        connection_->stop(1001, "going away");
}

}  // namespace aiflow

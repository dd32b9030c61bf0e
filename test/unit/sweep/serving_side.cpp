#include "serving_side.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/this_coro.hpp>

#include <exception>
#include <utility>

namespace aiflow::test {

serving_side::serving_side(asio::io_context& io, listener_options options)
    : io_(io), options_(std::move(options)), service_(io.get_executor(), options_),
      stop_(io.get_executor()), left_(io.get_executor())
{
}

void serving_side::start()
{
    asio::co_spawn(io_, run(shared_from_this()),
                   [this](const std::exception_ptr& thrown, error_code ec) {
                       if (thrown)
                           std::rethrow_exception(thrown);
                       finished = ec;
                   });
}

asio::awaitable<error_code> serving_side::run(std::shared_ptr<serving_side> self)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    const auto stored = co_await self->home().start();
    if (stored)
        co_return stored;
    self->opened();
    const auto thrown = co_await self->home().watch_during(shut_down(self.get()));
    if (thrown)
        std::rethrow_exception(thrown);
    co_return error_code{};
}

asio::awaitable<void> serving_side::shut_down(serving_side* self)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    co_await self->stop_.wait();
    auto& home = self->home();
    auto& time = self->service_.time;
    home.refuse_new();
    const auto deadline = time.now() + self->options_.drain;
    while (!self->aborting_ && home.live() > 0) {
        if (!co_await home.quiet().wait_until(time, deadline))
            break;
    }
    co_await home.stop(self->aborting_ ? clock::duration{} : self->options_.sessions.farewell);
    self->close_all();
    const auto by = time.now() + self->options_.connection.close_timeout;
    while (self->guests_ > 0) {
        if (!co_await self->left_.wait_until(time, by))
            break;
    }
    self->drop_all();
}

void serving_side::stop()
{
    if (std::exchange(stopping_, true))
        return abort();
    stop_.notify();
}

void serving_side::abort()
{
    stopping_ = aborting_ = true;
    stop_.notify();
    home().quiet().notify();
    drop_all();
}

void serving_side::take(std::unique_ptr<message_stream> stream)
{
    if (stopping_ || finished)
        return;
    ++guests_;
    asio::co_spawn(io_, serve_one(shared_from_this(), std::move(stream)), asio::detached);
}

asio::awaitable<void> serving_side::serve_one(std::shared_ptr<serving_side> self,
                                              std::unique_ptr<message_stream> stream)
{
    co_await self->serve(std::move(stream));
    --self->guests_;
    self->left_.notify();
}

}  // namespace aiflow::test

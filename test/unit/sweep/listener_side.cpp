#include "listener_side.hpp"

namespace aiflow::test {

asio::awaitable<void> listener_side::serve(std::unique_ptr<message_stream> stream)
{
    const auto c = std::make_shared<connection>(std::move(stream), home(), service_.time,
                                                options_.connection, std::to_string(++number_));
    open_.push_back(c);
    co_await c->run();
    open_.remove(c);
}

void listener_side::close_all()
{
    for (const auto& c : open_)
        c->stop(1001, "going away");
}

void listener_side::drop_all()
{
    for (const auto& c : open_)
        c->abort();
}

}  // namespace aiflow::test

#include "client_side.hpp"

#include <boost/asio/co_spawn.hpp>

#include <utility>

namespace aiflow::test {

client_side::client_side(asio::io_context& io, client_options options,
                         client_loop::connector connect)
    : io_(io), loop_(std::make_shared<client_loop>(io.get_executor(), std::move(options),
                                                   std::move(connect)))
{
}

void client_side::start()
{
    asio::co_spawn(io_, loop_->run(), [this](const std::exception_ptr& thrown, error_code ec) {
        if (thrown)
            std::rethrow_exception(thrown);
        finished = ec;
    });
}

}  // namespace aiflow::test

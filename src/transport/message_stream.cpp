#include "aiflow/message_stream.hpp"

namespace aiflow {

asio::awaitable<write_result> message_stream::write(std::span<const outgoing_message> batch)
{
    const auto written = begin_write(batch);
    if (written)
        co_return *written;
    co_return co_await finish_write();
}

}  // namespace aiflow

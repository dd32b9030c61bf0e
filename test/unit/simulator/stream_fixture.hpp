#pragma once

#include "manual_clock.hpp"
#include "simulator/stream_pair.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <ostream>
#include <string>
#include <vector>

namespace aiflow {

/// So that Boost.Test can print what it compares.
inline std::ostream& operator<<(std::ostream& out, errc e)
{
    return out << make_error_code(e).message();
}

}  // namespace aiflow

namespace aiflow::test {

inline std::string describe(const incoming_message& m)
{
    const char* kind = m.kind == incoming_message::pong     ? "pong "
                       : m.kind == incoming_message::binary ? "binary "
                                                            : "text ";
    return kind + std::string(m.data);
}

/// Reads until the stream ends; each line of the log is a message, the last one the error.
inline asio::awaitable<void> read_all(message_stream* stream, std::vector<std::string>* log)
{
    for (;;) {
        auto got = co_await stream->read();
        if (got.has_error()) {
            log->push_back("error " + got.error().message());
            co_return;
        }
        for (const incoming_message& m : *got)
            log->push_back(describe(m));
    }
}

inline asio::awaitable<void> write_batch(message_stream* stream,
                                         std::vector<outgoing_message> batch,
                                         std::optional<write_result>* result)
{
    *result = co_await stream->write(batch);
}

inline asio::awaitable<void> close_stream(message_stream* stream, std::uint16_t code,
                                          std::string reason, clock::time_point deadline,
                                          bool* done)
{
    co_await stream->close(code, reason, deadline);
    *done = true;
}

struct stream_fixture {
    manual_clock time;  // before the context, whose coroutines sleep on it to the end
    asio::io_context io;
    simulator::stream_pair pair{io.get_executor(), time};
    std::vector<std::string> near_log;
    std::vector<std::string> far_log;

    void read_near() { spawn(read_all(pair.near.get(), &near_log)); }
    void read_far() { spawn(read_all(pair.far.get(), &far_log)); }

    std::optional<write_result> write(message_stream& stream, std::vector<outgoing_message> batch)
    {
        std::optional<write_result> result;
        spawn(write_batch(&stream, std::move(batch), &result));
        settle(io);
        return result;
    }

    std::optional<write_result> write(message_stream& stream, std::string_view text)
    {
        return write(stream, {{outgoing_message::text, text}});
    }

    void spawn(asio::awaitable<void> work) { asio::co_spawn(io, std::move(work), asio::detached); }
};

}  // namespace aiflow::test

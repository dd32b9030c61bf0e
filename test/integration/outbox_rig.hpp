#pragma once

#include "aiflow/sqlite_outbox.hpp"
#include "manual_clock.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <optional>
#include <string>

namespace aiflow::test {

/// A directory that goes with the object.
class temporary_directory {
public:
    temporary_directory();
    temporary_directory(const temporary_directory&) = delete;
    temporary_directory& operator=(const temporary_directory&) = delete;
    ~temporary_directory();

    /// Not made yet: the outbox does that.
    std::string path() const { return parent_ + "/outbox"; }
    std::string file() const { return path() + "/outbox.sqlite"; }
    /// How many files in it have names that begin so.
    std::size_t files(const std::string& start) const;

private:
    std::string parent_;
};

template <class T>
T run(asio::awaitable<T> what)
{
    asio::io_context io;
    std::optional<T> result;
    std::exception_ptr thrown;
    asio::co_spawn(io, std::move(what), [&](std::exception_ptr e, T r) {
        thrown = e;
        result.emplace(std::move(r));
    });
    io.run();
    if (thrown)
        std::rethrow_exception(thrown);
    return std::move(*result);
}

sms_record record(std::uint64_t id, sms_state state, manual_clock& time);
void settle_as(sms_record& r, sms_state state, manual_clock& time);
sms_outcome outcome_of(const sms_record& r);
void check_equal(const sms_record& a, const sms_record& b);

}  // namespace aiflow::test

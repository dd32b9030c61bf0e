#include "bench/outbox_load.hpp"

#include "aiflow/sqlite_outbox.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <exception>
#include <filesystem>
#include <stdexcept>
#include <system_error>
#include <vector>

namespace aiflow::bench {

namespace {

using steady = std::chrono::steady_clock;

sqlite_outbox_options options(const std::string& directory)
{
    sqlite_outbox_options o;
    o.directory = directory + "/bench";
    o.max_open = 1'000'000;
    o.max_bytes = std::size_t{1} << 30;
    return o;
}

sms_record message(std::uint64_t id)
{
    sms_record r;
    r.id = {id};
    r.session_id = "550e8400-e29b-41d4-a716-446655440000";
    r.recipient = "4915112345678";
    r.text = "Your confirmation code is 4242.";
    r.fingerprint = std::string(48, '0');
    r.accepted_at = real_clock().wall_now();
    return r;
}

struct run_state {
    sqlite_outbox& store;
    std::uint64_t next = 1;
    std::uint64_t last;
    std::vector<std::chrono::duration<double, std::micro>> times = {};
};

asio::awaitable<void> put_one_after_the_other(run_state* s)
{
    while (s->next <= s->last) {
        auto r = message(s->next++);
        const auto begin = steady::now();
        const auto ec = co_await s->store.put(std::move(r), outbox::durability::before_completion);
        if (ec)
            throw std::system_error(ec);
        s->times.emplace_back(steady::now() - begin);
    }
}

void put_all(run_state& s, std::size_t in_flight)
{
    asio::io_context io(1);
    std::exception_ptr failed;
    for (std::size_t i = 0; i < in_flight; ++i)
        asio::co_spawn(io, put_one_after_the_other(&s), [&failed](std::exception_ptr e) {
            if (e)
                failed = e;
        });
    io.run();
    if (failed)
        std::rethrow_exception(failed);
}

}  // namespace

double syncs_per_second(const std::string& directory, std::chrono::milliseconds span)
{
    const auto name = directory + "/sync";
    const int fd = ::open(name.c_str(), O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        throw std::system_error(errno, std::generic_category(), name);
    const std::vector<char> page(4096, 'x');
    const auto begin = steady::now();
    std::size_t n = 0;
    bool well = true;
    for (; well && steady::now() - begin < span; ++n)
        well = ::write(fd, page.data(), page.size()) == static_cast<ssize_t>(page.size()) &&
               ::fdatasync(fd) == 0;
    const std::chrono::duration<double> took = steady::now() - begin;
    ::close(fd);
    std::filesystem::remove(name);
    if (!well)
        throw std::runtime_error("cannot write in " + directory);
    return static_cast<double>(n) / took.count();
}

outbox_figures accept_messages(const std::string& directory, std::size_t in_flight,
                               std::size_t messages)
{
    std::filesystem::remove_all(options(directory).directory);
    sqlite_outbox store(options(directory));
    run_state s{store, 1, messages};
    const auto begin = steady::now();
    put_all(s, in_flight);
    const std::chrono::duration<double> took = steady::now() - begin;
    std::sort(s.times.begin(), s.times.end());
    return {static_cast<double>(s.times.size()) / took.count(), s.times[s.times.size() / 2],
            s.times[s.times.size() * 99 / 100]};
}

std::chrono::duration<double> open_with(const std::string& directory, std::size_t rows)
{
    std::filesystem::remove_all(options(directory).directory);
    {
        sqlite_outbox store(options(directory));
        run_state s{store, 1, rows};
        put_all(s, std::min<std::size_t>(rows, 1000));
    }
    const auto begin = steady::now();
    sqlite_outbox store(options(directory));
    asio::io_context io(1);
    std::size_t read = 0;
    asio::co_spawn(io, store.load(std::chrono::hours(24)),
                   [&](std::exception_ptr, const auto& all) { read = all ? all->size() : 0; });
    io.run();
    if (read != rows)
        throw std::runtime_error("not everything that was written could be read");
    return steady::now() - begin;
}

}  // namespace aiflow::bench

#include "bench/idle_connections.hpp"

#include "aiflow/listener.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/asio/write.hpp>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>

namespace aiflow::bench {

namespace {

using tcp = asio::ip::tcp;

constexpr std::string_view upgrade =
    "GET /ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";

[[noreturn]] void fail(const char* what)
{
    throw std::system_error(errno, std::generic_category(), what);
}

void allow_descriptors(std::size_t wanted)
{
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0)
        fail("getrlimit");
    if (limit.rlim_cur >= wanted)
        return;
    limit.rlim_cur = wanted;
    if (limit.rlim_max < wanted)
        limit.rlim_max = wanted;
    if (::setrlimit(RLIMIT_NOFILE, &limit) != 0)
        fail("not enough descriptors are allowed; see ulimit -n");
}

// One byte through a pipe, so that each process waits for the other.
struct signal_pipe {
    signal_pipe()
    {
        if (::pipe(ends) != 0)
            fail("pipe");
    }
    signal_pipe(const signal_pipe&) = delete;
    signal_pipe& operator=(const signal_pipe&) = delete;
    ~signal_pipe()
    {
        ::close(ends[0]);
        ::close(ends[1]);
    }

    void give() const
    {
        if (::write(ends[1], "x", 1) != 1)
            fail("write");
    }
    void take() const
    {
        char byte = 0;
        if (::read(ends[0], &byte, 1) != 1)
            fail("the other process has ended");
    }

    int ends[2];
};

void dial_and_hold(std::uint16_t port, std::size_t connections, const signal_pipe& all_there,
                   const signal_pipe& leave)
{
    asio::io_context io;
    std::vector<tcp::socket> held;
    held.reserve(connections);
    std::string answer;
    for (std::size_t i = 0; i < connections; ++i) {
        auto& socket = held.emplace_back(io);
        socket.connect({asio::ip::address_v4::loopback(), port});
        asio::write(socket, asio::buffer(upgrade));
        answer.clear();
        asio::read_until(socket, asio::dynamic_buffer(answer), "\r\n\r\n");
    }
    all_there.give();
    leave.take();
}

holding what_is_held(std::size_t connections)
{
    std::size_t pages = 0;
    std::ifstream statm("/proc/self/statm");
    statm >> pages >> pages;
    const auto page_kib = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)) / 1024;
    const std::filesystem::directory_iterator files("/proc/self/fd");
    return {connections, pages * page_kib,
            static_cast<std::size_t>(std::distance(begin(files), end(files)))};
}

// The listener in a thread of its own, so that this one can wait for the other process.
class service {
public:
    explicit service(std::size_t connections) : listener_(io_, options(connections))
    {
        listener_.serve([](session s) { return std::make_unique<handler>(s); });
        listener_.open().value();
        listener_.async_run([](std::exception_ptr, error_code) {});
        thread_ = std::thread([this] { io_.run(); });
    }
    service(const service&) = delete;
    service& operator=(const service&) = delete;
    ~service()
    {
        listener_.abort();
        thread_.join();
    }

    std::uint16_t port() const { return listener_.port(); }

    void wait_for(std::size_t open)
    {
        while (asio::co_spawn(io_, count(this), asio::use_future).get() != open)
            std::this_thread::yield();
    }

private:
    static listener_options options(std::size_t connections)
    {
        listener_options o;
        o.port = 0;
        o.max_connections = connections;
        return o;
    }

    static asio::awaitable<std::size_t> count(service* self)
    {
        co_return self->listener_.status().open;
    }

    asio::io_context io_{1};
    listener listener_;
    std::thread thread_;
};

}  // namespace

std::vector<holding> hold_idle_connections(std::size_t connections, unsigned rounds)
{
    allow_descriptors(connections + 100);
    service bot(connections);
    std::vector<holding> seen;
    seen.push_back(what_is_held(0));
    for (unsigned i = 0; i < rounds; ++i) {
        const signal_pipe all_there;
        const signal_pipe leave;
        const pid_t dialler = ::fork();
        if (dialler < 0)
            fail("fork");
        if (dialler == 0) {
            dial_and_hold(bot.port(), connections, all_there, leave);
            ::_exit(0);
        }
        all_there.take();
        seen.push_back(what_is_held(connections));
        leave.give();
        ::waitpid(dialler, nullptr, 0);
        bot.wait_for(0);
        seen.push_back(what_is_held(0));
    }
    for (std::size_t i = 1; i < seen.size(); ++i)
        seen[i].descriptors -= 4;  // the pipes
    return seen;
}

}  // namespace aiflow::bench

#include "bench/application.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace aiflow::bench {

std::vector<int> allowed_cores()
{
    cpu_set_t set;
    if (::sched_getaffinity(0, sizeof set, &set) != 0)
        throw_errno("sched_getaffinity");
    std::vector<int> cores;
    for (int core = 0; core < CPU_SETSIZE; ++core)
        if (CPU_ISSET(core, &set))
            cores.push_back(core);
    return cores;
}

void stay_on(const std::vector<int>& cores)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    for (const int core : cores)
        CPU_SET(core, &set);
    if (::sched_setaffinity(0, sizeof set, &set) != 0)
        throw_errno("sched_setaffinity");
}

application::application(const std::vector<std::string>& command, const std::vector<int>& cores)
{
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
        throw_errno("pipe2");
    output_ = descriptor(ends[0]);
    const descriptor input(ends[1]);
    std::vector<char*> arguments;
    arguments.reserve(command.size() + 1);
    for (const auto& a : command)
        arguments.push_back(const_cast<char*>(a.c_str()));
    arguments.push_back(nullptr);
    cpu_set_t set;
    CPU_ZERO(&set);
    for (const int core : cores)
        CPU_SET(core, &set);
    pid_ = ::fork();
    if (pid_ < 0)
        throw_errno("fork");
    if (pid_ == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        ::sched_setaffinity(0, sizeof set, &set);
        ::dup2(input.get(), STDOUT_FILENO);
        ::execvp(arguments[0], arguments.data());
        ::_exit(127);
    }
}

application::~application()
{
    if (pid_ <= 0)
        return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
}

std::string application::line(std::chrono::milliseconds patience)
{
    const auto until = std::chrono::steady_clock::now() + patience;
    for (;;) {
        if (const auto end = pending_.find('\n'); end != std::string::npos) {
            auto result = pending_.substr(0, end);
            pending_.erase(0, end + 1);
            return result;
        }
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
            until - std::chrono::steady_clock::now());
        pollfd p{output_.get(), POLLIN, 0};
        if (left.count() <= 0 || ::poll(&p, 1, static_cast<int>(left.count())) == 0)
            throw std::runtime_error("the application said nothing in time");
        std::array<char, 4096> some{};
        const auto n = ::read(output_.get(), some.data(), some.size());
        if (n <= 0)
            throw std::runtime_error("the application has ended, or could not be started");
        pending_.append(some.data(), static_cast<std::size_t>(n));
    }
}

std::string application::value(const std::string& key, std::chrono::milliseconds patience)
{
    const auto text = line(patience);
    if (!text.starts_with(key + ' '))
        throw std::runtime_error("the application said \"" + text + "\" instead of its " + key);
    return text.substr(key.size() + 1);
}

void application::expect_running()
{
    if (::waitpid(pid_, nullptr, WNOHANG) == 0)
        return;
    pid_ = -1;
    throw std::runtime_error("the application ended by itself");
}

std::uint64_t application::cpu_ns() const
{
    std::uint64_t sum = 0;
    const auto tasks = "/proc/" + std::to_string(pid_) + "/task";
    for (const auto& task : std::filesystem::directory_iterator(tasks)) {
        std::uint64_t ns = 0;
        std::ifstream(task.path() / "schedstat") >> ns;
        sum += ns;
    }
    return sum;
}

std::uint64_t application::resident_bytes() const
{
    // Exact, unlike statm, which lags behind by some pages on each processor.
    std::ifstream rollup("/proc/" + std::to_string(pid_) + "/smaps_rollup");
    for (std::string word; rollup >> word;) {
        std::uint64_t kib = 0;
        if (word == "Rss:" && rollup >> kib)
            return kib * 1024;
    }
    throw std::runtime_error("the application's memory cannot be read");
}

}  // namespace aiflow::bench

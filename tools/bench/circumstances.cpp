#include "bench/circumstances.hpp"

#include <sys/utsname.h>

#include <array>
#include <ctime>
#include <fstream>
#include <thread>

namespace aiflow::bench {

namespace {

// The value of the first line that begins with `key`; empty when there is none.
std::string value_in(const char* file, const std::string& key, const std::string& between)
{
    std::ifstream lines(file);
    for (std::string line; std::getline(lines, line);) {
        if (!line.starts_with(key))
            continue;
        const auto at = line.find(between);
        return at == std::string::npos ? "" : line.substr(at + between.size());
    }
    return {};
}

std::string today()
{
    const std::time_t now = std::time(nullptr);
    std::tm parts{};
    ::gmtime_r(&now, &parts);
    std::array<char, 16> text{};
    std::strftime(text.data(), text.size(), "%Y-%m-%d", &parts);
    return text.data();
}

}  // namespace

circumstances circumstances_now(std::string command, std::string node)
{
    circumstances c;
    c.date = today();
    c.command = std::move(command);
    c.node = std::move(node);
    c.processor = value_in("/proc/cpuinfo", "model name", ": ") + ", " +
                  std::to_string(std::thread::hardware_concurrency()) + " cores";
    auto name = value_in("/etc/os-release", "PRETTY_NAME", "=");
    std::erase(name, '"');
    utsname u{};
    ::uname(&u);
    c.system = name + ", Linux " + u.release;
    c.build = std::string("GCC ") + __VERSION__ + ", " + AIFLOW_BENCH_BUILD;
    return c;
}

}  // namespace aiflow::bench

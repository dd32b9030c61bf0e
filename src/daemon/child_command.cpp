#include "daemon/child_command.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>

namespace aiflow {

namespace {

bool is_for_the_daemon_alone(std::string_view variable)
{
    // AIFLOW_PIPE is among them since it is set anew.
    constexpr std::array names{std::string_view("NOTIFY_SOCKET="), std::string_view("LISTEN_"),
                               std::string_view("WATCHDOG_"),
                               std::string_view("CREDENTIALS_DIRECTORY="),
                               std::string_view("AIFLOW_PIPE=")};
    return std::any_of(names.begin(), names.end(),
                       [variable](std::string_view name) { return variable.starts_with(name); });
}

bool is_program(const std::string& file)
{
    struct stat what {};
    return ::stat(file.c_str(), &what) == 0 && S_ISREG(what.st_mode) &&
           ::access(file.c_str(), X_OK) == 0;
}

}  // namespace

std::vector<std::string> child_environment(const std::vector<std::string>& own)
{
    std::vector<std::string> result;
    std::copy_if(own.begin(), own.end(), std::back_inserter(result),
                 [](const std::string& v) { return !is_for_the_daemon_alone(v); });
    result.emplace_back("AIFLOW_PIPE=1");
    return result;
}

std::vector<std::string> own_environment()
{
    std::vector<std::string> result;
    for (char** variable = environ; variable != nullptr && *variable != nullptr; ++variable)
        result.emplace_back(*variable);
    return result;
}

std::optional<std::string> find_program(const std::string& name, std::string_view path)
{
    if (name.find('/') != std::string::npos)
        return name;
    while (!path.empty()) {
        const auto end = path.find(':');
        const auto folder = path.substr(0, end);
        path = end == std::string_view::npos ? std::string_view() : path.substr(end + 1);
        // An empty or relative one would mean the working directory, where anything may lie.
        if (!folder.starts_with('/'))
            continue;
        std::string file(folder);
        file += '/';
        file += name;
        if (is_program(file))
            return file;
    }
    return std::nullopt;
}

}  // namespace aiflow

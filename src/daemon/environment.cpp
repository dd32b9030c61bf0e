#include "daemon/environment.hpp"

#include <cstdlib>

namespace aiflow {

namespace {

// systemd separates several directories by colons.
std::string first_of(const char* name)
{
    const char* const value = std::getenv(name);
    const std::string all = value != nullptr ? value : "";
    return all.substr(0, all.find(':'));
}

}  // namespace

daemon_environment environment_of_process()
{
    const char* const credentials = std::getenv("CREDENTIALS_DIRECTORY");
    return {credentials != nullptr ? credentials : "", first_of("STATE_DIRECTORY"),
            first_of("RUNTIME_DIRECTORY")};
}

}  // namespace aiflow

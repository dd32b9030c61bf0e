#include "daemon/exit_status.hpp"

#include <cstring>

namespace aiflow {

std::string to_string(const exit_status& s)
{
    if (s.signal == 0)
        return "exited with " + std::to_string(s.code);
    // Real-time signals have no name.
    const char* name = ::sigabbrev_np(s.signal);
    return name != nullptr ? std::string("was killed by SIG") + name
                           : "was killed by signal " + std::to_string(s.signal);
}

}  // namespace aiflow

#pragma once

#include "aiflow/phone_number.hpp"

#include <string>
#include <string_view>

namespace aiflow {

/// What an operator has asked to see of what is private. Nothing unless asked.
struct disclosure {
    bool numbers = false;  ///< whole phone numbers
    bool content = false;  ///< texts of SMS, what was said, keys that were pressed

    std::string number(std::string_view n) const
    {
        return n.empty() || numbers ? std::string(n) : masked(n);
    }

    bool operator==(const disclosure&) const = default;
};

}  // namespace aiflow

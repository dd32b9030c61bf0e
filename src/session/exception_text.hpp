#pragma once

#include "aiflow/log.hpp"

#include <exception>
#include <string>

namespace aiflow {

/// What a caught exception says of itself, for the log. `thrown` is not null.
inline std::string exception_text(const std::exception_ptr& thrown)
{
    try {
        std::rethrow_exception(thrown);
    } catch (const std::exception& e) {
        return printable(e.what());
    } catch (...) {
        return "not a std::exception";
    }
}

}  // namespace aiflow

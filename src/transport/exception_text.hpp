#pragma once

#include "aiflow/error.hpp"
#include "aiflow/log.hpp"

#include <boost/system/system_error.hpp>

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

/// The same as an error; want of memory, when it says nothing of itself. `thrown` is not null.
inline error_code error_of(const std::exception_ptr& thrown)
{
    try {
        std::rethrow_exception(thrown);
    } catch (const boost::system::system_error& e) {
        return e.code();
    } catch (...) {
        return make_error_code(boost::system::errc::not_enough_memory);
    }
}

}  // namespace aiflow

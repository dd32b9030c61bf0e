#pragma once

#include "aiflow/sms.hpp"

#include <array>

namespace aiflow {

/// Every state that an SMS can be in, for whoever chooses one of them.
inline constexpr std::array sms_states{
    sms_state::accepted,      sms_state::sending,      sms_state::written,    sms_state::handed_off,
    sms_state::waiting_retry, sms_state::assumed_sent, sms_state::unobserved, sms_state::failed,
    sms_state::abandoned,     sms_state::expired,      sms_state::cancelled};

}  // namespace aiflow

#pragma once

#include <string>

namespace aiflow {

/// The manual page aiflowd.toml(5), for man(1).
std::string config_manual();

}  // namespace aiflow

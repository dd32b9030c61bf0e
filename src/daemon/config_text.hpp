#pragma once

#include "daemon/config_keys.hpp"

#include <string>

namespace aiflow {

/// Every key with its value, as a file that means the same but for the query of a URL, which is
/// left out; a comment marks the defaults. Tokens are only named by their files. So nothing secret
/// can show.
std::string effective_config(const daemon_config& config);

/// The file to begin with: every key with its text, commented out, and the few lines that a daemon
/// cannot do without.
std::string sample_config();

/// What a value of the key may be, and whether a reload is enough for a change, in sentences: "A
/// whole number of connections, 1 to 1000000. A change takes effect at a reload."
std::string key_facts(const config_key& key);

}  // namespace aiflow

#pragma once

#include <aiflow/client.hpp>

#include <optional>

/// What the examples have in common, so that each shows its own point only.
namespace example {

/// Reads `URL [--token-file FILE] [--window SECONDS] [--verbose]`. Prints what is wrong, or the
/// help, and gives nothing then.
std::optional<aiflow::client_options> client_options_from(int argc, char** argv);

}  // namespace example

#pragma once

#include <aiflow/client.hpp>
#include <aiflow/listener.hpp>

#include <optional>
#include <string>

/// What the examples have in common, so that each shows its own point only.
namespace example {

/// Reads `URL [--token-file FILE] [--window SECONDS] [--verbose]`. Prints what is wrong, or the
/// help, and gives nothing then.
std::optional<aiflow::client_options> client_options_from(int argc, char** argv);

/// The same for `ADDRESS:PORT [--token-file FILE]... [--http PATH] [--cert FILE --key FILE]
/// [--window SECONDS] [--verbose]`.
std::optional<aiflow::listener_options> listener_options_from(int argc, char** argv);

/// As `client_options_from`, with `--outbox DIRECTORY`, which is required.
struct durable_options {
    aiflow::client_options client;
    std::string directory;
};
std::optional<durable_options> durable_options_from(int argc, char** argv);

}  // namespace example

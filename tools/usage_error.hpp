#pragma once

#include <CLI/App.hpp>

#include <string>

/// What is wrong with a command line, and, in a line of its own, which help says more. The words
/// that nobody expected are named in the order in which they were given.
std::string usage_error(const CLI::App& app, const CLI::ParseError& e);

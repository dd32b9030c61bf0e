#include "example.hpp"

#include <charconv>
#include <cstring>
#include <fstream>
#include <iostream>
#include <string>
#include <string_view>

namespace example {

namespace {

constexpr std::string_view usage =
    " URL [--token-file FILE] [--window SECONDS] [--verbose]\n"
    "\n"
    "  URL                where AI Flow is: wss://host/path, or ws://127.0.0.1:PORT/path\n"
    "  --token-file FILE  holds the shared secret, sent as X-API-TOKEN\n"
    "  --window SECONDS   how long an SMS may still fail before it counts as sent; 1 to 600,\n"
    "                     30 unless given\n"
    "  --verbose          log everything\n";

std::nullopt_t complain(std::string_view what)
{
    std::cerr << what << '\n';
    return std::nullopt;
}

std::optional<std::string> first_line(const char* file)
{
    std::ifstream in(file);
    std::string line;
    if (!std::getline(in, line) || line.empty())
        return std::nullopt;
    return line;
}

}  // namespace

std::optional<aiflow::client_options> client_options_from(int argc, char** argv)
{
    aiflow::client_options options;
    auto level = aiflow::log_level::info;
    for (int i = 1; i < argc; ++i) {
        const std::string_view arg = argv[i];
        const char* value = i + 1 < argc ? argv[i + 1] : nullptr;
        if (arg == "--verbose") {
            level = aiflow::log_level::debug;
        } else if (arg == "--token-file") {
            const auto token = value ? first_line(value) : std::nullopt;
            if (!token)
                return complain("--token-file: name a file whose first line is the secret");
            options.token = aiflow::secret(*token);
            ++i;
        } else if (arg == "--window") {
            int seconds = 0;
            const char* end = value ? value + std::strlen(value) : nullptr;
            if (!value || std::from_chars(value, end, seconds).ptr != end || seconds < 1 ||
                seconds > 600)
                return complain("--window: give whole seconds, 1 to 600");
            options.sessions.sms.window = std::chrono::seconds(seconds);
            ++i;
        } else if (arg.starts_with("-") || !options.url.empty()) {
            std::cerr << "usage: " << argv[0] << usage;
            return std::nullopt;
        } else {
            options.url = arg;
        }
    }
    if (options.url.empty()) {
        std::cerr << "usage: " << argv[0] << usage;
        return std::nullopt;
    }
    options.log = aiflow::stderr_logger(level);
    if (const auto wrong = validate(options))
        return complain(to_string(*wrong));
    return options;
}

}  // namespace example

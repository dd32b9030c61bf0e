#include "example.hpp"

#include <charconv>
#include <fstream>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

namespace example {

namespace {

constexpr std::string_view client_usage =
    " URL [--token-file FILE] [--window SECONDS] [--verbose]\n"
    "\n"
    "  URL                where AI Flow is: wss://host/path, or ws://127.0.0.1:PORT/path\n"
    "  --token-file FILE  holds the shared secret, sent as X-API-TOKEN\n";

constexpr std::string_view durable_usage =
    " URL --outbox DIRECTORY [--token-file FILE] [--window SECONDS] [--verbose]\n"
    "\n"
    "  URL                where AI Flow is: wss://host/path, or ws://127.0.0.1:PORT/path\n"
    "  --outbox DIRECTORY where SMS are kept; made if need be\n"
    "  --token-file FILE  holds the shared secret, sent as X-API-TOKEN\n";

constexpr std::string_view listener_usage =
    " ADDRESS:PORT [--token-file FILE]... [--http PATH] [--cert FILE --key FILE]\n"
    "        [--window SECONDS] [--verbose]\n"
    "\n"
    "  ADDRESS:PORT       where AI Flow may connect to: 127.0.0.1:8080 behind a proxy,\n"
    "                     0.0.0.0:8443 with --cert and --key; the path is /ws\n"
    "  --token-file FILE  holds the shared secret that AI Flow sends as X-API-TOKEN; twice\n"
    "                     while one replaces the other\n"
    "  --http PATH        where events may be posted, too\n"
    "  --cert, --key      PEM files, for TLS without a proxy\n";

constexpr std::string_view common_usage =
    "  --window SECONDS   how long an SMS may still fail before it counts as sent; 1 to 600,\n"
    "                     30 unless given\n"
    "  --verbose          log everything\n";

struct arguments {
    std::string where;
    std::vector<aiflow::secret> tokens;
    std::string http_path;
    std::string outbox;
    std::string certificate_file;
    std::string key_file;
    std::chrono::seconds window{30};
    aiflow::log_level level = aiflow::log_level::info;
};

std::nullopt_t complain(std::string_view what)
{
    std::cerr << what << '\n';
    return std::nullopt;
}

template <class Number>
bool read_number(std::string_view text, Number& into)
{
    const char* const end = text.data() + text.size();
    const auto [stopped, failed] = std::from_chars(text.data(), end, into);
    return failed == std::errc() && stopped == end;
}

std::optional<std::string> first_line(const std::string& file)
{
    std::ifstream in(file);
    std::string line;
    if (!std::getline(in, line) || line.empty())
        return std::nullopt;
    return line;
}

std::optional<arguments> read(int argc, char** argv, std::string_view usage)
{
    arguments a;
    const auto help = [&] {
        std::cerr << "usage: " << argv[0] << usage << common_usage;
        return std::nullopt;
    };
    for (int i = 1; i < argc; ++i) {
        const std::string flag = argv[i];
        if (flag == "--verbose") {
            a.level = aiflow::log_level::debug;
            continue;
        }
        if (!flag.starts_with("-") && a.where.empty()) {
            a.where = flag;
            continue;
        }
        const bool known = flag == "--window" || usage.find(flag + " ") != std::string_view::npos;
        if (!known || ++i == argc)
            return help();
        const std::string value = argv[i];
        if (flag == "--token-file") {
            const auto token = first_line(value);
            if (!token)
                return complain("--token-file: " + value +
                                ": cannot be read, or its first line is empty; it has to hold "
                                "the secret");
            a.tokens.emplace_back(*token);
        } else if (flag == "--http") {
            a.http_path = value;
        } else if (flag == "--outbox") {
            a.outbox = value;
        } else if (flag == "--cert") {
            a.certificate_file = value;
        } else if (flag == "--key") {
            a.key_file = value;
        } else if (flag == "--window") {
            int seconds = 0;
            if (!read_number(value, seconds) || seconds < 1 || seconds > 600)
                return complain("--window: give whole seconds, 1 to 600");
            a.window = std::chrono::seconds(seconds);
        } else {
            return help();
        }
    }
    if (a.where.empty())
        return help();
    return a;
}

template <class Options>
std::optional<Options> checked(Options options, const arguments& a)
{
    options.sessions.sms.window = a.window;
    options.log = aiflow::stderr_logger(a.level);
    if (const auto wrong = validate(options))
        return complain(to_string(*wrong));
    return options;
}

std::optional<aiflow::client_options> client_options_of(const arguments& a)
{
    aiflow::client_options options;
    options.url = a.where;
    if (!a.tokens.empty())
        options.token = a.tokens.front();
    return checked(std::move(options), a);
}

}  // namespace

std::optional<aiflow::client_options> client_options_from(int argc, char** argv)
{
    const auto a = read(argc, argv, client_usage);
    if (!a)
        return std::nullopt;
    return client_options_of(*a);
}

std::optional<durable_options> durable_options_from(int argc, char** argv)
{
    const auto a = read(argc, argv, durable_usage);
    if (!a)
        return std::nullopt;
    auto client = client_options_of(*a);
    if (!client)
        return std::nullopt;
    if (a->outbox.empty())
        return complain("--outbox: name a directory for the SMS; it is made if need be");
    return durable_options{std::move(*client), a->outbox};
}

std::optional<aiflow::listener_options> listener_options_from(int argc, char** argv)
{
    const auto a = read(argc, argv, listener_usage);
    if (!a)
        return std::nullopt;
    aiflow::listener_options options;
    const auto colon = a->where.rfind(':');
    if (colon == std::string::npos || !read_number(a->where.substr(colon + 1), options.port))
        return complain(a->where + ": give an address and a port, such as 127.0.0.1:8080");
    options.address = a->where.substr(0, colon);
    if (options.address.starts_with('[') && options.address.ends_with(']'))
        options.address = options.address.substr(1, options.address.size() - 2);
    options.tokens = a->tokens;
    options.http_path = a->http_path;
    options.certificate_file = a->certificate_file;
    options.key_file = a->key_file;
    return checked(std::move(options), *a);
}

}  // namespace example

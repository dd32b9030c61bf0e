#include "sim_flag_values.hpp"

#include "aiflow/log.hpp"
#include "text/duration_text.hpp"
#include "text/phrases.hpp"

#include <unistd.h>

#include <charconv>
#include <cstdlib>

namespace asio = boost::asio;

namespace {

constexpr std::size_t quoted_bytes = 80;  // of a value in a message

}  // namespace

complaint read_listen(const std::string& text, asio::ip::tcp::endpoint& listen)
{
    complaint wrong = aiflow::in_quotes(text, quoted_bytes) +
                      " is no address to listen on; write an IP address and a "
                      "port, such as 127.0.0.1:8080 or [::1]:0 (0: any free "
                      "port)";
    const auto colon = text.rfind(':');
    if (colon == std::string::npos)
        return wrong;
    std::string host = text.substr(0, colon);
    if (host.size() > 2 && host.front() == '[' && host.back() == ']')
        host = host.substr(1, host.size() - 2);
    if (host == "localhost")
        host = "127.0.0.1";
    const char* const end = text.data() + text.size();
    std::uint16_t port = 0;
    const auto [stopped, failed] = std::from_chars(text.data() + colon + 1, end, port);
    boost::system::error_code ec;
    const auto address = asio::ip::make_address(host, ec);
    if (ec || failed != std::errc{} || stopped != end)
        return wrong;
    listen = {address, port};
    return {};
}

complaint read_path(const std::string& path)
{
    if (path.starts_with('/') && path.find_first_of("?# ") == std::string::npos)
        return {};
    return aiflow::in_quotes(path, quoted_bytes) +
           " is no path; it begins with / and has no query, such as /stream";
}

complaint read_timeout(const std::string& text, std::optional<std::chrono::milliseconds>& timeout)
{
    if (text.empty())
        return {};
    timeout = aiflow::parse_duration(text);
    if (timeout && timeout->count() > 0)
        return {};
    return aiflow::in_quotes(text, quoted_bytes) +
           " is no time limit; write a number and a unit, such as 60s or 2m";
}

complaint read_color(const std::string& text, bool& color)
{
    if (text == "always" || text == "never") {
        color = text == "always";
        return {};
    }
    if (text != "auto")
        return aiflow::in_quotes(text, quoted_bytes) +
               " is not known; it has to be auto, always or never";
    const char* const wish = std::getenv("NO_COLOR");  // https://no-color.org
    color = ::isatty(STDOUT_FILENO) == 1 && (wish == nullptr || *wish == '\0');
    return {};
}

complaint read_headers(const std::vector<std::string>& lines,
                       std::vector<aiflow::http_header>& headers)
{
    for (const std::string& line : lines) {
        const auto colon = line.find(':');
        if (colon == std::string::npos || colon == 0)
            return "a header is written as a name, a colon and a value, such as "
                   "'X-Flow: test'";
        const auto value = line.find_first_not_of(' ', colon + 1);
        headers.push_back(
            {line.substr(0, colon), value == std::string::npos ? "" : line.substr(value)});
    }
    return {};
}

#include "transport/dial_options.hpp"

#include "transport/tls_context.hpp"
#include "transport/websocket_header.hpp"

#include <array>
#include <utility>

namespace aiflow {
namespace {

constexpr std::string_view token_header = "X-API-TOKEN";

problem bad_value(std::string field, std::string text)
{
    return {make_error_code(errc::invalid_value), std::move(field), std::move(text)};
}

problem bad_header(std::string field, std::string text)
{
    return {make_error_code(errc::invalid_header), std::move(field), std::move(text)};
}

// Values are never quoted: they may be secrets.
std::optional<problem> check_headers(const dial_options& o)
{
    if (!is_sendable({std::string(token_header), std::string(o.token.reveal())}))
        return bad_header("token", "must not hold control characters, nor start or end with a "
                                   "blank");
    bool has_token = !o.token.empty();
    for (std::size_t i = 0; i < o.headers.size(); ++i) {
        const auto& h = o.headers[i];
        const std::string field = "headers[" + std::to_string(i) + "]";
        if (!is_sendable({h.name, {}}))
            return bad_header(field, "the name must be letters, digits and hyphens");
        if (!is_sendable(h))
            return bad_header(field, "the value of " + h.name +
                                         " must not hold control characters, nor start or end "
                                         "with a blank");
        if (belongs_to_handshake(h.name))
            return bad_header(field, h.name + " is set by the handshake itself");
        if (same_name(h.name, token_header) && std::exchange(has_token, true))
            return bad_header(field, "X-API-TOKEN is given twice");
    }
    return std::nullopt;
}

std::optional<problem> check_timeouts(const handshake_timeouts& t)
{
    const std::array<std::pair<const char*, std::chrono::milliseconds>, 5> all = {
        {{"resolve", t.resolve},
         {"connect", t.connect},
         {"tls", t.tls},
         {"upgrade", t.upgrade},
         {"total", t.total}}};
    for (const auto& [name, value] : all)
        if (value <= std::chrono::milliseconds::zero() || value > std::chrono::hours(1))
            return bad_value(std::string("timeouts.") + name, "must be more than 0, 1 h at most");
    return std::nullopt;
}

}  // namespace

std::optional<problem> validate(const stream_limits& l)
{
    constexpr std::size_t max_message = 1024UL * 1024 * 1024;
    if (l.message_bytes < 1 || l.message_bytes > max_message)
        return bad_value("limits.message_bytes", "must be 1 to 1073741824");
    if (l.message_fragments < 1)
        return bad_value("limits.message_fragments", "must be 1 or more");
    if (l.header_bytes < 256 || l.header_bytes > 1024UL * 1024)
        return bad_value("limits.header_bytes", "must be 256 to 1048576");
    return std::nullopt;
}

checked<server_url> check(const dial_options& options)
{
    auto url = parse_url(url_kind::websocket, options.url);
    if (!url)
        return url;
    if (!url->tls && !options.allow_plain_text && !is_loopback(url->host))
        return problem{make_error_code(errc::invalid_url), "url",
                       "ws:// to another machine shows calls and token to everybody on the way; "
                       "use wss://, or set allow_plain_text"};
    for (auto wrong :
         {check_headers(options), validate(options.limits), check_timeouts(options.timeouts)})
        if (wrong)
            return *wrong;
    return url;
}

std::optional<problem> validate(const dial_options& options)
{
    const auto url = check(options);
    if (!url)
        return url.error();
    if (!options.ca_file.empty())
        if (const auto context = client_context(options.ca_file); !context)
            return context.error();
    return std::nullopt;
}

std::string_view to_string(connect_stage s) noexcept
{
    switch (s) {
    case connect_stage::resolve:
        return "resolve";
    case connect_stage::tcp:
        return "tcp";
    case connect_stage::tls:
        return "tls";
    case connect_stage::upgrade:
        return "upgrade";
    case connect_stage::open:
        return "open";
    }
    return "unknown";
}

std::string to_string(const connect_failure& f)
{
    std::string text(to_string(f.stage));
    text += ": ";
    text += f.error == errc::upgrade_refused ? "HTTP " + std::to_string(f.http_status)
                                             : f.error.message();
    // OpenSSL's words are often all there is to say.
    if (!f.detail.empty() && f.detail != f.error.message())
        text += " (" + f.detail + ")";
    if (f.retry_after)
        text += ", to be tried again after " + std::to_string(f.retry_after->count()) + " s";
    return text;
}

void throw_exception_from_error(const connect_failure& f, const boost::source_location&)
{
    throw failure({f.error, std::string(to_string(f.stage)), to_string(f)});
}

}  // namespace aiflow

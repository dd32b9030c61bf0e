#include "daemon/webhook_target.hpp"

#include "transport/tls_context.hpp"
#include "transport/websocket_header.hpp"

#include <utility>

namespace aiflow {
namespace {

constexpr std::string_view token_header = "X-API-TOKEN";

}  // namespace

checked<webhook_target> make_webhook_target(const daemon_config::webhook_section& settings,
                                            secret token)
{
    auto url = parse_url(url_kind::web, settings.url);
    if (!url)
        return problem{url.error().code, "webhook.url", url.error().text};
    if (!url->tls && !settings.allow_plain_text && !is_loopback(url->host))
        return problem{make_error_code(errc::invalid_url), "webhook.url",
                       "http:// to another machine shows calls and token to everybody on the way; "
                       "use https://, or set webhook.allow_plain_text"};
    if (!is_sendable({std::string(token_header), std::string(token.reveal())}))
        return problem{make_error_code(errc::invalid_header), "webhook.token_file",
                       "holds a token with control characters, or with a blank at its start or "
                       "end; write it anew, on one line"};
    if (url->tls)
        if (const auto context = client_context(settings.ca_file); !context)
            return problem{context.error().code, "webhook.ca_file", context.error().text};
    return webhook_target{*std::move(url), std::move(token), settings};
}

std::string post_text(const webhook_target& target, std::string_view body)
{
    std::string text = "POST " + target.url.target +
                       " HTTP/1.1\r\nHost: " + target.url.host_header +
                       "\r\nUser-Agent: aiflow\r\nAccept: application/json\r\n"
                       "Content-Type: application/json\r\nContent-Length: " +
                       std::to_string(body.size()) + "\r\n";
    if (!target.token.empty())
        text.append(token_header).append(": ").append(target.token.reveal()).append("\r\n");
    text.append("\r\n").append(body);
    return text;
}

}  // namespace aiflow

#include "transport/http_answer.hpp"

#include <boost/beast/http/status.hpp>

namespace aiflow {

namespace http = boost::beast::http;

std::string to_text(const http_answer& a, std::string_view allowed)
{
    const auto reason = http::obsolete_reason(static_cast<http::status>(a.status));
    std::string text = "HTTP/1.1 " + std::to_string(a.status) + " ";
    text.append(reason.data(), reason.size()).append("\r\n");
    if (a.status == 426)
        text += "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n";
    if (a.status == 405)
        text.append("Allow: ").append(allowed).append("\r\n");
    for (const auto& h : a.headers)
        text.append(h.name).append(": ").append(h.value).append("\r\n");
    if (!a.content_type.empty())
        text.append("Content-Type: ").append(a.content_type).append("\r\n");
    if (a.length == http_answer::chunked)
        text += "Transfer-Encoding: chunked\r\n";
    else if (a.length == http_answer::known && a.status != 204)
        text += "Content-Length: " + std::to_string(a.body.size()) + "\r\n";
    if (!a.keep_alive)
        text += "Connection: close\r\n";
    return text.append("\r\n").append(a.body);
}

}  // namespace aiflow

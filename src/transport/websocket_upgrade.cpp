#include "transport/websocket_upgrade.hpp"

#include "aiflow/log.hpp"
#include "transport/handshake_key.hpp"
#include "transport/websocket_header.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/rfc7230.hpp>

#include <algorithm>
#include <limits>

namespace aiflow {

namespace http = boost::beast::http;

namespace {

constexpr std::size_t max_line = std::size_t{8} * 1024;
constexpr std::size_t max_headers = 64;

std::string_view std_view(boost::beast::string_view s)
{
    return {s.data(), s.size()};
}

// Reads a header that is known to be whole.
template <class Parser>
bool parse(Parser& parser, std::string_view header)
{
    parser.header_limit(std::numeric_limits<std::uint32_t>::max());
    parser.skip(true);
    error_code ec;
    parser.put(asio::buffer(header), ec);
    return !ec && parser.is_header_done();
}

template <class Fields>
bool has_token(const Fields& fields, http::field name, const char* token)
{
    const auto range = fields.equal_range(name);
    return std::any_of(range.first, range.second, [token](const auto& field) {
        return http::token_list(field.value()).exists(token);
    });
}

connect_failure invalid(std::string detail)
{
    return {
        connect_stage::upgrade, make_error_code(errc::upgrade_invalid), 0, {}, std::move(detail)};
}

connect_failure invalid_answer(std::string detail)
{
    auto f = invalid(std::move(detail));
    f.http_status = 101;
    return f;
}

checked_request no(unsigned status, std::string detail)
{
    return {status, std::move(detail), {}, {}};
}

}  // namespace

bool may_be_answer(std::string_view bytes)
{
    constexpr std::string_view start = "HTTP/1.";
    const auto n = std::min(bytes.size(), start.size());
    return bytes.substr(0, n) == start.substr(0, n);
}

std::optional<connect_failure> check_answer(std::string_view header, std::string_view key,
                                            clock::wall_time now)
{
    http::response_parser<http::empty_body> parser;
    if (!parse(parser, header))
        return invalid("the answer is not HTTP");
    const auto& answer = parser.get();
    if (answer.result_int() != 101) {
        connect_failure f{connect_stage::upgrade,
                          make_error_code(errc::upgrade_refused),
                          answer.result_int(),
                          {},
                          printable(std_view(answer.reason()), 64)};
        if (f.http_status == 429 || f.http_status == 503)
            f.retry_after = parse_retry_after(std_view(answer[http::field::retry_after]), now);
        if (f.http_status / 100 == 3)
            f.detail = "redirects are not followed";
        return f;
    }
    if (answer.version() != 11)
        return invalid_answer("the answer is not HTTP/1.1");
    if (!has_token(answer, http::field::connection, "upgrade"))
        return invalid_answer("the answer has no \"Connection: upgrade\"");
    if (!has_token(answer, http::field::upgrade, "websocket"))
        return invalid_answer("the answer has no \"Upgrade: websocket\"");
    if (answer.count(http::field::sec_websocket_accept) != 1 ||
        std_view(answer[http::field::sec_websocket_accept]) != accept_for(key))
        return invalid_answer("Sec-WebSocket-Accept does not fit to our key");
    if (answer.count(http::field::sec_websocket_extensions) != 0)
        return invalid_answer("the server uses an extension that was not offered");
    if (answer.count(http::field::sec_websocket_protocol) != 0)
        return invalid_answer("the server uses a subprotocol that was not offered");
    return std::nullopt;
}

unsigned check_partial_request(std::string_view bytes, const stream_limits& limits)
{
    // A method is upper case; a TLS handshake, for one, starts otherwise.
    if (!bytes.empty() && (bytes.front() < 'A' || bytes.front() > 'Z'))
        return 400;
    const auto line_end = bytes.find("\r\n");
    if (line_end == std::string_view::npos)
        return bytes.size() > std::min(max_line, limits.header_bytes) ? 414 : 101;
    if (line_end > max_line)
        return 414;
    // Older HTTP has no more lines to wait for, and newer HTTP speaks otherwise.
    if (!bytes.substr(0, line_end).ends_with(" HTTP/1.1"))
        return 400;
    return bytes.size() > limits.header_bytes ? 431 : 101;
}

checked_request check_request(std::string_view header)
{
    // Beast joins folded lines; nobody who means well sends them (RFC 9112 5.2).
    if (header.find("\r\n ") != std::string_view::npos ||
        header.find("\r\n\t") != std::string_view::npos)
        return no(400, "folded header line");
    std::size_t lines = 0;
    for (std::size_t at = 0, end = 0; (end = header.find("\r\n", at)) > at; at = end + 2, ++lines)
        if (end - at > max_line)
            return no(lines == 0 ? 414 : 431, "header line too long");
    if (lines > max_headers + 1)
        return no(431, "too many headers");

    http::request_parser<http::empty_body> parser;
    if (!parse(parser, header))
        return no(400, "not a valid HTTP request");
    const auto& request = parser.get();
    const auto target = std_view(request.target());
    if (request.version() != 11)
        return no(400, "not HTTP/1.1");
    if (request.method() != http::verb::get)
        return no(405, "not a GET");
    if (!target.starts_with('/'))
        return no(400, "the target is not a path");
    if (request.count(http::field::host) != 1)
        return no(400, "not exactly one Host");
    if (request.count(http::field::content_length) != 0 ||
        request.count(http::field::transfer_encoding) != 0)
        return no(400, "an upgrade has no body");
    if (!has_token(request, http::field::connection, "upgrade") ||
        !has_token(request, http::field::upgrade, "websocket"))
        return no(426, "no upgrade to WebSocket asked for");
    if (request.count(http::field::sec_websocket_version) != 1 ||
        request[http::field::sec_websocket_version] != "13")
        return no(426, "not WebSocket version 13");
    if (request.count(http::field::sec_websocket_key) != 1 ||
        !is_handshake_key(std_view(request[http::field::sec_websocket_key])))
        return no(400, "not exactly one Sec-WebSocket-Key of 16 bytes");

    checked_request result;
    result.key = std_view(request[http::field::sec_websocket_key]);
    result.request.target = target;
    for (const auto& field : request)
        result.request.headers.push_back(
            {std::string(std_view(field.name_string())), std::string(std_view(field.value()))});
    return result;
}

std::string refusal(unsigned status, const std::vector<http_header>& headers)
{
    std::string text = "HTTP/1.1 " + std::to_string(status) + " ";
    text += std_view(http::obsolete_reason(static_cast<http::status>(status)));
    text += "\r\n";
    if (status == 426)
        text += "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n";
    if (status == 405)
        text += "Allow: GET\r\n";
    for (const auto& h : headers)
        text.append(h.name).append(": ").append(h.value).append("\r\n");
    text += "Content-Length: 0\r\nConnection: close\r\n\r\n";
    return text;
}

}  // namespace aiflow

#include "transport/http_request.hpp"

#include "transport/beast_view.hpp"
#include "transport/websocket_header.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/rfc7230.hpp>

#include <algorithm>
#include <iterator>
#include <limits>

namespace aiflow {

namespace http = boost::beast::http;

namespace {

constexpr std::size_t max_line = std::size_t{8} * 1024;
constexpr std::size_t max_headers = 64;

// Beast joins folded lines; nobody who means well sends them (RFC 9112 5.2).
bool is_folded(std::string_view header)
{
    return header.find("\r\n ") != std::string_view::npos ||
           header.find("\r\n\t") != std::string_view::npos;
}

http_refusal check_lines(std::string_view header)
{
    std::size_t lines = 0;
    for (std::size_t at = 0, end = 0; (end = header.find("\r\n", at)) > at; at = end + 2, ++lines)
        if (end - at > max_line)
            return {lines == 0 ? 414U : 431U, "header line too long"};
    if (lines > max_headers + 1)
        return {431, "too many headers"};
    return {};
}

// Where a body ends must have one answer only (RFC 9112 6.3).
http_refusal check_body_headers(const http_request& r)
{
    const auto lengths = r.count("Content-Length");
    const auto codings = r.count("Transfer-Encoding");
    if (lengths + codings > 1)
        return {400, "the length of the body is given twice"};
    if (codings == 1 && (!r.newest || !same_name(r.value("Transfer-Encoding"), "chunked")))
        return {501, "a transfer coding other than chunked"};
    const auto length = r.value("Content-Length");
    if (lengths == 1 &&
        (length.empty() || length.find_first_not_of("0123456789") != std::string_view::npos))
        return {400, "Content-Length is not a number"};
    if (lengths + codings > 0 && r.count("Upgrade") > 0)
        return {400, "an upgrade has no body"};
    return {};
}

}  // namespace

std::size_t http_request::count(std::string_view name) const noexcept
{
    return static_cast<std::size_t>(
        std::count_if(headers.begin(), headers.end(),
                      [name](const http_header& h) { return same_name(h.name, name); }));
}

std::string_view http_request::value(std::string_view name) const noexcept
{
    const auto found = std::find_if(headers.begin(), headers.end(), [name](const http_header& h) {
        return same_name(h.name, name);
    });
    return found == headers.end() ? std::string_view() : std::string_view(found->value);
}

bool http_request::lists(std::string_view name, std::string_view token) const
{
    return std::any_of(headers.begin(), headers.end(), [=](const http_header& h) {
        return same_name(h.name, name) && http::token_list({h.value.data(), h.value.size()})
                                              .exists({token.data(), token.size()});
    });
}

http_refusal check_partial_request(std::string_view bytes, const stream_limits& limits)
{
    if (bytes.empty())
        return {};
    // A method is upper case; a TLS handshake, for one, starts otherwise.
    if (bytes.front() < 'A' || bytes.front() > 'Z')
        return {400, bytes.front() == '\x16' ? "TLS on a port without TLS" : "not HTTP/1"};
    const auto line_end = bytes.find("\r\n");
    if (line_end == std::string_view::npos) {
        if (bytes.size() > std::min(max_line, limits.header_bytes))
            return {414, "request line too long"};
        return {};
    }
    if (line_end > max_line)
        return {414, "request line too long"};
    // Older HTTP has no more lines to wait for, and newer HTTP speaks otherwise.
    const auto line = bytes.substr(0, line_end);
    if (!line.ends_with(" HTTP/1.1") && !line.ends_with(" HTTP/1.0"))
        return {400, "not HTTP/1"};
    if (bytes.size() > limits.header_bytes)
        return {431, "header too large"};
    return {};
}

http_refusal read_request_header(std::string_view header, http_request& into)
{
    if (is_folded(header))
        return {400, "folded header line"};
    if (auto wrong = check_lines(header); wrong.status != 0)
        return wrong;
    http::request_parser<http::empty_body> parser;
    parser.header_limit(std::numeric_limits<std::uint32_t>::max());
    parser.skip(true);
    error_code ec;
    parser.put(asio::buffer(header), ec);
    if (ec || !parser.is_header_done())
        return {400, "not a valid HTTP request"};
    const auto& request = parser.get();
    into.method = std_view(request.method_string());
    into.target = std_view(request.target());
    into.newest = request.version() == 11;
    into.keep_alive = request.keep_alive();
    into.headers.clear();
    into.headers.reserve(static_cast<std::size_t>(std::distance(request.begin(), request.end())));
    for (const auto& field : request)
        into.headers.push_back(
            {std::string(std_view(field.name_string())), std::string(std_view(field.value()))});
    if (!into.target.starts_with('/'))
        return {400, "the target is not a path"};
    const auto hosts = into.count("Host");
    if (hosts > 1 || (hosts == 0 && into.newest))
        return {400, "not exactly one Host"};
    return check_body_headers(into);
}

}  // namespace aiflow

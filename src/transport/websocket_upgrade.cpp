#include "transport/websocket_upgrade.hpp"

#include "aiflow/log.hpp"
#include "transport/beast_view.hpp"
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

http_refusal check_upgrade(const http_request& request)
{
    if (!request.newest)
        return {400, "not HTTP/1.1"};
    if (request.method != "GET")
        return {405, "not a GET"};
    if (!request.lists("Connection", "upgrade") || !request.lists("Upgrade", "websocket"))
        return {426, "no upgrade to WebSocket asked for"};
    if (request.count("Sec-WebSocket-Version") != 1 ||
        request.value("Sec-WebSocket-Version") != "13")
        return {426, "not WebSocket version 13"};
    if (request.count("Sec-WebSocket-Key") != 1 ||
        !is_handshake_key(request.value("Sec-WebSocket-Key")))
        return {400, "not exactly one Sec-WebSocket-Key of 16 bytes"};
    return {};
}

}  // namespace aiflow

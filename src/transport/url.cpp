#include "transport/url.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/url/host_type.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <algorithm>
#include <charconv>
#include <optional>
#include <system_error>

namespace aiflow {
namespace {

problem bad(std::string text)
{
    return {make_error_code(errc::invalid_url), "url", std::move(text)};
}

// Letters, digits, hyphen, dot, and the underscore that some internal names have.
bool is_host_name(std::string_view host)
{
    return std::all_of(host.begin(), host.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '.' || c == '_';
    });
}

std::optional<std::uint16_t> port_from(std::string_view digits)
{
    std::uint16_t port = 0;
    const auto* const end = digits.data() + digits.size();
    const auto read = std::from_chars(digits.data(), end, port);
    if (read.ec != std::errc{} || read.ptr != end || port == 0)
        return std::nullopt;
    return port;
}

struct schemes {
    boost::urls::scheme secure;
    boost::urls::scheme plain;
    const char* example;
    const char* both;
};

schemes schemes_of(url_kind kind)
{
    using boost::urls::scheme;
    if (kind == url_kind::web)
        return {scheme::https, scheme::http, "https://host/path", "https:// or http://"};
    return {scheme::wss, scheme::ws, "wss://host/path", "wss:// or ws://"};
}

}  // namespace

checked<server_url> parse_url(url_kind kind, std::string_view text)
{
    const auto allowed = schemes_of(kind);
    const auto parsed = boost::urls::parse_uri({text.data(), text.size()});
    if (!parsed)
        return bad(std::string("is not a URL; it has to look like ") + allowed.example);
    const auto& u = *parsed;
    server_url result;
    if (u.scheme_id() == allowed.secure)
        result.tls = true;
    else if (u.scheme_id() != allowed.plain)
        return bad(std::string("must start with ") + allowed.both);
    if (u.has_userinfo())
        return bad("must not hold a user or password; give a token instead");
    if (u.has_fragment())
        return bad("must not have a fragment (#)");

    switch (u.host_type()) {
    case boost::urls::host_type::ipv4:
    case boost::urls::host_type::name:
        result.host = u.host();
        result.host_header = result.host;
        if (result.host.empty())
            return bad("has no host");
        if (!is_host_name(result.host))
            return bad("has a host with characters that a DNS name cannot have");
        break;
    case boost::urls::host_type::ipv6:
        result.host = u.host_ipv6_address().to_string();
        result.host_header = "[" + result.host + "]";
        break;
    default:
        return bad("has a host that is neither a name nor an IP address");
    }

    const auto path = u.encoded_path();
    const std::uint16_t usual = result.tls ? 443 : 80;
    result.port = usual;
    if (u.has_port()) {
        // Boost.URL takes the number modulo 65536, and for a path what is not a number.
        const auto digits = u.port();
        const auto port = digits.empty() ? usual : port_from({digits.data(), digits.size()});
        if (!port || (!path.empty() && path.front() != '/'))
            return bad("has a port that is not in 1 to 65535");
        result.port = *port;
    }
    if (result.port != usual)
        result.host_header += ":" + std::to_string(result.port);

    result.target.assign(path.data(), path.size());
    if (result.target.empty())
        result.target = "/";
    if (u.has_query()) {
        const auto query = u.encoded_query();
        result.target.append("?").append(query.data(), query.size());
    }
    return result;
}

bool is_loopback(std::string_view host)
{
    if (host == "localhost")
        return true;
    error_code ec;
    const auto address = boost::asio::ip::make_address(std::string(host), ec);
    return !ec && address.is_loopback();
}

}  // namespace aiflow

#include "aiflow/listener.hpp"
#include "session/option_rules.hpp"
#include "transport/dial_options.hpp"
#include "transport/tls_context.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace aiflow {

namespace {

using namespace std::chrono_literals;

problem bad(std::string field, std::string text)
{
    return {make_error_code(errc::invalid_value), std::move(field), std::move(text)};
}

std::optional<problem> check_path(const char* field, const std::string& path)
{
    if (!path.starts_with('/'))
        return bad(field, "must begin with /, such as /ws");
    const bool plain = std::all_of(path.begin(), path.end(), [](char c) {
        return c > ' ' && c < 0x7f && c != '?' && c != '#';
    });
    if (!plain)
        return bad(field, "must be a path without query, blanks and control characters");
    return std::nullopt;
}

std::optional<problem> check_paths(const listener_options& o)
{
    if (auto wrong = check_path("path", o.path))
        return wrong;
    if (!o.http_path.empty())
        if (auto wrong = check_path("http_path", o.http_path))
            return wrong;
    if (!o.health_path.empty())
        if (auto wrong = check_path("health_path", o.health_path))
            return wrong;
    if (o.health_path == o.path || (!o.health_path.empty() && o.health_path == o.http_path))
        return bad("health_path", "must differ from the paths of the calls");
    return std::nullopt;
}

std::optional<problem> check_address(const listener_options& o)
{
    if (o.descriptor)
        return std::nullopt;
    error_code ec;
    const auto address = asio::ip::make_address(o.address, ec);
    if (ec)
        return bad("address", "must be an IP address, such as 127.0.0.1 or ::");
    if (o.tokens.empty() && !address.is_loopback())
        return bad("tokens", "are needed, since others can reach " + address.to_string() +
                                 "; or listen on 127.0.0.1, behind a proxy that asks for one");
    return std::nullopt;
}

std::optional<problem> check_tokens(const listener_options& o)
{
    if (o.tokens.size() > 2)
        return bad("tokens", "must be two at most: the one in use, and the one to come");
    for (std::size_t i = 0; i < o.tokens.size(); ++i)
        if (o.tokens[i].empty())
            return bad("tokens[" + std::to_string(i) + "]", "is empty");
    return std::nullopt;
}

}  // namespace

std::optional<problem> validate(const listener_options& o)
{
    for (const auto& checked : {check_address(o), check_paths(o), check_tokens(o)})
        if (checked)
            return checked;
    if (!o.certificate_file.empty() || !o.key_file.empty())
        if (auto loaded = server_context(o.certificate_file, o.key_file); !loaded)
            return loaded.error();
    if (auto wrong = validate(o.limits))
        return wrong;
    const std::array durations{duration_rule{"tls_timeout", o.tls_timeout, 1ms, 1h},
                               duration_rule{"request_timeout", o.request_timeout, 1ms, 1h},
                               duration_rule{"http_idle", o.http_idle, 1ms, 1h},
                               duration_rule{"answer_within", o.answer_within, 1ms, 1min},
                               duration_rule{"drain", o.drain, 0ms, 24h}};
    const std::array counts{count_rule{"max_connections", o.max_connections, 1, 1'000'000},
                            count_rule{"max_strangers", o.max_strangers, 1, 100'000}};
    if (auto wrong = first_broken(durations))
        return wrong;
    if (auto wrong = first_broken(counts))
        return wrong;
    if (auto wrong = validate(o.connection))
        return wrong;
    return validate(o.sessions);
}

}  // namespace aiflow

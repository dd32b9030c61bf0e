#include "daemon/control_api.hpp"

#include <array>
#include <exception>
#include <optional>
#include <utility>

namespace aiflow {

namespace {

struct route {
    std::string_view method;
    std::string_view path;  ///< a `*` at its end stands for one part
    control_handler serve;
    control_scope scope = control_scope::everything;
};

constexpr std::array routes{
    route{"GET", "/v1/status", show_status},
    route{"GET", "/v1/calls", list_calls},
    route{"GET", "/v1/sms", list_sms},
    route{"POST", "/v1/sms", post_sms},
    route{"GET", "/v1/sms/*", show_sms},
    route{"DELETE", "/v1/sms/*", cancel_sms},
    route{"POST", "/v1/actions", post_actions},
    route{"GET", "/v1/tail", tail_calls},
    route{"GET", "/v1/log", show_log_level},
    route{"PUT", "/v1/log", set_log_level},
    route{"POST", "/v1/drain", drain},
    route{"POST", "/v1/reload", reload},
    route{"GET", "/metrics", show_metrics, control_scope::observation},
    route{"GET", "/healthz", show_health, control_scope::observation},
    route{"GET", "/readyz", show_readiness, control_scope::observation},
};

// What stands for the `*`; empty when there is none.
std::optional<std::string> match(std::string_view pattern, std::string_view path)
{
    if (!pattern.ends_with('*'))
        return pattern == path ? std::optional(std::string()) : std::nullopt;
    pattern.remove_suffix(1);
    if (!path.starts_with(pattern))
        return std::nullopt;
    path.remove_prefix(pattern.size());
    if (path.empty() || path.find('/') != std::string_view::npos)
        return std::nullopt;
    return std::string(path);
}

/// Where a request leads.
struct destination {
    control_handler serve = nullptr;
    std::string allowed = {};  ///< methods of the path; empty: there is no such path
};

destination find_route(control_request& r, control_scope scope)
{
    destination to;
    for (const auto& each : routes) {
        if (scope == control_scope::observation && each.scope != control_scope::observation)
            continue;
        auto parameter = match(each.path, r.path);
        if (!parameter)
            continue;
        // Whoever watches over services likes to ask without wanting to hear.
        const bool head = each.scope == control_scope::observation && r.method == "HEAD";
        if (each.method == r.method || head) {
            r.parameter = std::move(*parameter);
            to.serve = each.serve;
        }
        to.allowed.append(to.allowed.empty() ? "" : ", ").append(each.method);
        if (each.scope == control_scope::observation)
            to.allowed += ", HEAD";
    }
    return to;
}

control_answer not_found(control_scope scope)
{
    const control_error e{404, "no_such_path", "",
                          scope == control_scope::everything
                              ? "there is no such path; see docs/control.md"
                              : "here are /metrics, /healthz and /readyz only; the rest is on the "
                                "control socket"};
    return error_answer(e);
}

control_answer not_allowed(std::string methods)
{
    const control_error e{405, "method_not_allowed", "", "this path takes " + methods};
    auto a = error_answer(e);
    a.allowed = std::move(methods);
    return a;
}

}  // namespace

asio::awaitable<control_answer> control_api::serve(http_request request, control_scope scope)
{
    auto r = parse_control_target(request.target);
    if (!r) {
        const control_error e{400, "bad_target", "",
                              "is no path with a query in which each name is there once"};
        co_return error_answer(e);
    }
    r->method = std::move(request.method);
    r->body = std::move(request.body);
    auto to = find_route(*r, scope);
    if (to.allowed.empty())
        co_return not_found(scope);
    if (to.serve == nullptr)
        co_return not_allowed(std::move(to.allowed));
    const bool head = r->method == "HEAD";
    std::string what;
    try {
        auto a = co_await to.serve(desk_, std::move(*r));
        if (head)
            a.body.clear();
        co_return a;
    } catch (const std::exception& e) {
        what = printable(e.what());
    }
    // One request that went wrong must not end the daemon, and its calls.
    log_.write(log_level::error, "control.failed", "a request could not be served",
               {{"why", what}});
    const control_error e{500, "internal", "", "an error that nobody expected; the log says more"};
    co_return error_answer(e);
}

}  // namespace aiflow

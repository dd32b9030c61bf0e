#include "daemon/config_checks.hpp"

#include "daemon/config_keys.hpp"
#include "daemon/config_options.hpp"
#include "text/duration_text.hpp"
#include "transport/url.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <array>
#include <sys/un.h>
#include <utility>

namespace aiflow {

namespace {

class config_checker {
public:
    explicit config_checker(const daemon_config& config) : config_(config) {}

    file_problems run() &&
    {
        needed();
        files();
        paths();
        addresses();
        webhook_url();
        orders();
        retries();
        socket();
        if (auto wrong = library_problem(config_))
            problems_.push_back(std::move(*wrong));
        return std::move(problems_);
    }

private:
    void complain(std::string_view key, std::string text)
    {
        problems_.push_back(problem_at(config_, key, std::move(text)));
    }

    // A key that the value of another one asks for.
    void need(std::string_view key, std::string_view because, bool given)
    {
        if (given)
            return;
        const config_key& k = *find_config_key(key);
        file_problem p = problem_at(config_, key, {});
        if (p.line == 0)
            p = problem_at(config_, because, {});
        p.key = key;
        p.text = "is missing; " + std::string(because) + " = " +
                 value_text(*find_config_key(because), config_) + " needs it, such as " +
                 std::string(k.last_name()) + " = " + std::string(k.example) + " in [" +
                 std::string(k.section()) + "]";
        problems_.push_back(std::move(p));
    }

    void needed()
    {
        if (config_.mode != service_mode::listen)
            need("connect.url", "mode", !config_.connect.url.empty());
        switch (config_.handler.type) {
        case handler_type::rules:
            return need("rules.file", "handler.type", !config_.rules.file.empty());
        case handler_type::pipe:
            return need("pipe.command", "handler.type", !config_.pipe.command.empty());
        case handler_type::webhook:
            return need("webhook.url", "handler.type", !config_.webhook.url.empty());
        }
    }

    void files()
    {
        const auto& l = config_.listen;
        if (l.certificate_file.empty() && !l.key_file.empty())
            complain("listen.certificate_file", "is missing; `key_file` has no use without it");
        if (l.key_file.empty() && !l.certificate_file.empty())
            complain("listen.key_file", "is missing; `certificate_file` has no use without it");
        if (l.token_files.size() == 2 && l.token_files[0] == l.token_files[1])
            complain("listen.token_files", "names the same file twice; take one out");
    }

    void paths()
    {
        const auto& l = config_.listen;
        for (const auto& [key, path] :
             {std::pair{"listen.path", &l.path}, std::pair{"listen.http_path", &l.http_path}})
            if (*path == listener_options{}.health_path)
                complain(key, "is where the health is asked for; take another path, such as /ws");
    }

    // The library checks the listener's address.
    void addresses()
    {
        const auto& m = config_.metrics;
        error_code ec;
        asio::ip::make_address(m.address, ec);
        if (ec)
            complain("metrics.address", "must be an IP address, such as 127.0.0.1 or ::1");
        if (m.port != 0 && config_.mode != service_mode::connect && m.port == config_.listen.port &&
            m.address == config_.listen.address)
            complain("metrics.port", "is the port of [listen], too; take another one");
    }

    void webhook_url()
    {
        const auto& w = config_.webhook;
        if (w.url.empty())
            return;
        const auto parsed = parse_url(url_kind::web, w.url);
        if (!parsed)
            return complain("webhook.url", parsed.error().text);
        if (!parsed->tls && !w.allow_plain_text && !is_loopback(parsed->host))
            complain("webhook.url", "http:// to another machine shows calls and token to everybody "
                                    "on the way; use https://, or set allow_plain_text");
    }

    // The first of a pair must not be longer than the second.
    void orders()
    {
        const std::array<std::pair<std::string_view, std::string_view>, 3> pairs{
            {{"connect.backoff_initial", "connect.backoff_max"},
             {"pipe.restart_initial", "pipe.restart_max"},
             {"webhook.connect_timeout", "webhook.timeout"}}};
        for (const auto& [shorter, longer] : pairs) {
            const auto time = duration_of(shorter);
            const auto limit = duration_of(longer);
            if (time <= limit)
                continue;
            // The one that was written is the one to look at.
            const bool given = config_.source.lines.contains(shorter);
            complain(given ? shorter : longer,
                     (given ? "is " + duration_text(time) + ", longer than `"
                            : "is " + duration_text(limit) + ", shorter than `") +
                         std::string(find_config_key(given ? longer : shorter)->last_name()) +
                         "` with " + duration_text(given ? limit : time) + "; change one of them");
        }
    }

    std::chrono::milliseconds duration_of(std::string_view key) const
    {
        daemon_config copy = config_;
        return *std::get<std::chrono::milliseconds*>(find_config_key(key)->slot(copy));
    }

    void retries()
    {
        const auto& s = config_.sms;
        // The default has delays for its own number of attempts, also when somebody writes it out.
        if (s.retry_delays != daemon_config{}.sms.retry_delays &&
            s.retry_delays.size() >= s.max_attempts && s.retry_delays.size() > 1)
            complain("sms.retry_delays",
                     "has " + std::to_string(s.retry_delays.size()) +
                         " delays, but `max_attempts = " + std::to_string(s.max_attempts) +
                         "` uses only " + std::to_string(s.max_attempts - 1) +
                         " of them; take delays out, or raise max_attempts");
        if (s.retry_delays.empty())
            complain("sms.retry_delays", "is empty; give at least one delay, or set retry = false");
    }

    void socket()
    {
        if (config_.control.socket.size() >= sizeof(sockaddr_un::sun_path))
            complain("control.socket", "is longer than the " +
                                           std::to_string(sizeof(sockaddr_un::sun_path) - 1) +
                                           " bytes that the system allows; take a shorter path");
    }

    const daemon_config& config_;
    file_problems problems_;
};

}  // namespace

file_problems check_config(const daemon_config& config)
{
    return config_checker(config).run();
}

file_problem problem_at(const daemon_config& config, std::string_view key, std::string text)
{
    const auto& lines = config.source.lines;
    auto found = lines.find(key.substr(0, key.find('[')));
    if (found == lines.end())
        found = lines.find(key.substr(0, key.find('.')));
    return {config.source.name, found == lines.end() ? 0 : found->second, std::string(key),
            std::move(text)};
}

}  // namespace aiflow

#include "aiflow/backoff.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>

#include <algorithm>

namespace aiflow {
namespace {

clock::duration milliseconds(double ms)
{
    return std::chrono::duration_cast<clock::duration>(
        std::chrono::duration<double, std::milli>(ms));
}

double count(std::chrono::milliseconds ms)
{
    return static_cast<double>(ms.count());
}

// Answers that the next attempt may well not get (reliability.md A17).
bool passes(unsigned http_status)
{
    return http_status >= 500 || http_status == 408 || http_status == 425 || http_status == 429;
}

bool is_tls_error(error_code ec)
{
    return ec.category() == asio::error::get_ssl_category();
}

problem out_of_range(std::string field, std::string text)
{
    return {make_error_code(errc::invalid_value), std::move(field), std::move(text)};
}

}  // namespace

std::optional<problem> validate(const backoff_options& o)
{
    using std::chrono::milliseconds;
    if (o.max < o.initial || o.initial < milliseconds(10))
        return out_of_range("backoff.initial", "must be 10 ms to backoff.max");
    if (!(o.factor >= 1 && o.factor <= 10))
        return out_of_range("backoff.factor", "must be 1 to 10");
    if (!(o.jitter >= 0 && o.jitter <= 0.9))
        return out_of_range("backoff.jitter", "must be 0 to 0.9");
    if (o.reset_after < milliseconds::zero())
        return out_of_range("backoff.reset_after", "must not be negative");
    if (o.configuration_initial < milliseconds(1'000) ||
        o.configuration_max < o.configuration_initial)
        return out_of_range("backoff.configuration_initial",
                            "must be 1 s to backoff.configuration_max");
    if (o.restart_min < milliseconds::zero())
        return out_of_range("backoff.restart_min", "must not be negative");
    if (o.loud_every < milliseconds(1'000))
        return out_of_range("backoff.loud_every", "must be 1 s or more");
    return std::nullopt;
}

std::string_view to_string(backoff_decision::class_type c) noexcept
{
    switch (c) {
    case backoff_decision::passing:
        return "passing";
    case backoff_decision::configuration:
        return "configuration";
    case backoff_decision::told_to_wait:
        return "told_to_wait";
    }
    return "unknown";
}

backoff::backoff(const backoff_options& options, std::uint64_t seed)
    : options_(options), random_(seed)
{
    if (auto wrong = validate(options))
        throw failure(std::move(*wrong));
}

double backoff::spread(double low, double high)
{
    return std::uniform_real_distribution<double>(low, high)(random_);
}

clock::duration backoff::passing_delay()
{
    if (passing_ms_ == 0) {
        // Peers that lost the same server at the same moment come back all over the interval.
        passing_ms_ = count(options_.initial);
        return milliseconds(spread(0, passing_ms_));
    }
    passing_ms_ = std::min(passing_ms_ * options_.factor, count(options_.max));
    return milliseconds(passing_ms_ * spread(1 - options_.jitter, 1 + options_.jitter));
}

bool backoff::loud(trouble t, clock::time_point now)
{
    auto& told = told_.at(t);
    if (told && now - *told < options_.loud_every)
        return false;
    told = now;
    return true;
}

backoff_decision backoff::configuration(trouble t, clock::time_point now)
{
    configuration_ms_ = configuration_ms_ == 0
                            ? count(options_.configuration_initial)
                            : std::min(configuration_ms_ * 2, count(options_.configuration_max));
    const double factor = spread(1 - options_.jitter, 1 + options_.jitter);
    return {milliseconds(configuration_ms_ * factor), backoff_decision::configuration,
            loud(t, now)};
}

backoff_decision backoff::next(const connect_failure& f, clock::time_point now)
{
    if (f.retry_after) {
        // Not earlier than told; a little later, since others were told the same.
        const double ms = count(*f.retry_after);
        passing_delay();
        return {milliseconds(ms * spread(1, 1 + options_.jitter)), backoff_decision::told_to_wait,
                false};
    }
    if (f.error == errc::upgrade_refused && !passes(f.http_status)) {
        const bool denied = f.http_status == 401 || f.http_status == 403;
        return configuration(denied ? access : upgrade, now);
    }
    if (f.error == errc::upgrade_invalid)
        return configuration(upgrade, now);
    if (f.error == errc::certificate_rejected)
        return configuration(certificate, now);
    if (is_tls_error(f.error))
        return configuration(tls, now);
    if (f.error == errc::invalid_url || f.error == errc::invalid_header ||
        f.error == errc::invalid_value)
        return configuration(address, now);

    backoff_decision d{passing_delay(), backoff_decision::passing, false};
    // A name that does not exist may be an outage of DNS, so it is tried as often as one; but it
    // may also be a typing error, so somebody is told.
    if (f.error == asio::error::host_not_found || f.error == asio::error::no_data)
        d.loud = loud(address, now);
    return d;
}

backoff_decision backoff::next(const stream_end& e, clock::duration lived, bool proven,
                               clock::time_point now)
{
    if (proven && lived >= options_.reset_after) {
        passing_ms_ = 0;
        configuration_ms_ = 0;
    }
    switch (e.close_code) {
    case 1008:
    case 4401:
    case 4403:
        return configuration(policy, now);
    case 1012:
    case 1013: {
        const auto least =
            milliseconds(count(options_.restart_min) * spread(1, 1 + options_.jitter));
        return {std::max(least, passing_delay()), backoff_decision::told_to_wait, false};
    }
    default:
        return {passing_delay(), backoff_decision::passing, false};
    }
}

}  // namespace aiflow

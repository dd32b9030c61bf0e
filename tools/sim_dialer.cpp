#include "sim_dialer.hpp"

#include "aiflow/log.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace {

namespace asio = boost::asio;
using namespace asio::experimental::awaitable_operators;
using aiflow::connect_failure;
using aiflow::connect_stage;
using delay = aiflow::clock::duration;

constexpr delay shortest_delay = std::chrono::milliseconds{200};
constexpr delay longest_delay = std::chrono::seconds{2};
constexpr delay settled_after =
    std::chrono::seconds{1};  // a connection is no flapping one any more
constexpr delay between_plays = std::chrono::seconds{2};
constexpr std::chrono::seconds patience{5};
// A bot lets few in that have not shown their token yet; a listener of aiflow: 64.
constexpr std::size_t most_at_once = 32;

delay longer(delay d)
{
    return std::clamp(2 * d, shortest_delay, longest_delay);
}

// Whoever closes instead of answering may be about to start, or has no room at the moment.
bool was_reached(const connect_failure& f)
{
    const bool dropped =
        f.stage == connect_stage::upgrade && f.error == aiflow::errc::connection_lost;
    return f.stage != connect_stage::resolve && f.stage != connect_stage::tcp && !dropped;
}

std::string_view remedy(const connect_failure& f)
{
    if (f.stage == connect_stage::resolve)
        return "see whether the host of the URL is right";
    if (!was_reached(f) && f.stage == connect_stage::upgrade)
        return "see whether it is the bot that listens there, and whether it wants wss://";
    if (!was_reached(f))
        return "start the bot, and see whether it listens there";
    if (f.http_status == 401 || f.http_status == 403)
        return "see whether --token-file holds the bot's secret";
    if (f.http_status == 404)
        return "see whether the path of the URL is the bot's";
    if (f.stage == connect_stage::tls)
        return "see whether the bot speaks TLS there, and --ca-file holds who signed its "
               "certificate";
    return "see what the bot has to say about it";
}

}  // namespace

sim_dialer::sim_dialer(asio::io_context& io, aiflow::clock& time, options o)
    : io_(io), time_(time), options_(std::move(o)), stop_(io, asio::steady_timer::time_point::max())
{
    options_.peer.limits.message_bytes = largest_action;
    if (options_.may_give_up) {
        options_.peer.timeouts.resolve = patience;
        options_.peer.timeouts.connect = patience;
    }
}

// A query may hold a secret.
std::string sim_dialer::bot() const
{
    return "the bot at " +
           aiflow::printable(options_.peer.url.substr(0, options_.peer.url.find('?')));
}

void sim_dialer::start(watcher tell)
{
    tell_ = std::move(tell);
}

void sim_dialer::play(aiflow::simulator::flow_simulator& sim)
{
    const bool first = sim_ == nullptr;
    sim_ = &sim;
    play_began_ = time_.now();
    redial_delay_ = shortest_delay;
    dial_missing(first ? delay{} : between_plays);
}

// The calls have not been given other connections yet when this is told.
void sim_dialer::connection_lost()
{
    asio::post(io_, [this] { replace_lost(); });
}

void sim_dialer::stop()
{
    stopping_ = true;
    stop_.expires_at(asio::steady_timer::time_point::min());
}

void sim_dialer::replace_lost()
{
    if (time_.now() - last_opened_ >= settled_after)
        redial_delay_ = shortest_delay;
    if (dial_missing(redial_delay_))
        redial_delay_ = longer(redial_delay_);
}

bool sim_dialer::dial_missing(delay first_delay)
{
    const std::size_t wanted = stopping_ ? 0 : sim_->connections_wanted();
    const bool missing = wanted > trying_;
    for (; trying_ < std::min(wanted, most_at_once); ++trying_)
        asio::co_spawn(io_, connect_after(first_delay), asio::detached);
    return missing;
}

asio::awaitable<void> sim_dialer::stopped()
{
    co_await stop_.async_wait(asio::as_tuple(asio::use_awaitable));
}

asio::awaitable<void> sim_dialer::connect_after(delay d)
{
    for (;; d = longer(d)) {
        co_await (time_.sleep_until(time_.now() + d) || stopped());
        if (stopping_ || trying_ > sim_->connections_wanted())
            break;
        aiflow::dial_options peer = options_.peer;
        auto first = co_await (aiflow::dial(time_, std::move(peer)) || stopped());
        if (stopping_ || first.index() != 0)
            break;
        auto& opened = std::get<0>(first);
        if (opened.has_value()) {
            co_await hand_over(std::move(*opened));
            co_return;
        }
        if (!goes_on_after(opened.error()))
            break;
    }
    --trying_;
}

asio::awaitable<void> sim_dialer::hand_over(std::unique_ptr<aiflow::message_stream> stream)
{
    --trying_;
    last_failure_.clear();
    last_opened_ = time_.now();
    if (sim_->connections_wanted() == 0) {  // the calls ended while it was opened
        co_await stream->close(1000, {}, time_.now() + patience);
        co_return;
    }
    asio::post(io_, [this] { dial_missing({}); });  // when this one is counted
    aiflow::simulator::wire_faults none;
    co_await sim_->serve(std::move(stream), std::move(none));
}

// Once the calls have begun, it is for them to say how long they wait for a connection.
bool sim_dialer::goes_on_after(const connect_failure& f)
{
    const std::string why = to_string(f);
    if (const bool news = why != last_failure_; news && tell_.failed)
        tell_.failed((was_reached(f) ? "refused: " : "not reached: ") + why);
    last_failure_ = why;
    const bool waited = was_reached(f) || time_.now() - play_began_ >= patience;
    if (!options_.may_give_up || sim_->begun() || stopping_ || !waited)
        return true;
    stop();
    if (tell_.gave_up)
        tell_.gave_up("--dial: " + bot() + (was_reached(f) ? " refuses" : " cannot be reached") +
                      ": " + why + "; " + std::string(remedy(f)));
    return false;
}

#include "session/listener_loop.hpp"

#include "transport/deadline.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/this_coro.hpp>

#include <sys/socket.h>

#include <exception>
#include <sstream>
#include <utility>

namespace aiflow {

namespace {

constexpr std::chrono::milliseconds wait_for_descriptors{100};

std::string text_of(const asio::ip::tcp::endpoint& e)
{
    std::ostringstream text;
    text << e;
    return text.str();
}

problem not_available(error_code ec, std::string field, std::string text)
{
    return {ec, std::move(field), std::move(text)};
}

std::shared_ptr<SSL_CTX> load_certificate(const listener_options& o)
{
    auto loaded = server_context(o.certificate_file, o.key_file);
    return {std::move(loaded).value()};
}

}  // namespace

listener_loop::guest::guest(std::uint64_t n, tcp::socket s, const tcp::endpoint& from,
                            timetable& times, const stream_limits& limits)
    : number(n), address(from), http(std::make_unique<http_stream>(std::move(s), times, limits))
{
}

listener_loop::listener_loop(asio::any_io_executor executor, listener_options options)
    : executor_(executor),
      options_(std::move(options)), access_{options_.path, options_.http_path, options_.health_path,
                                            options_.tokens, options_.origins},
      service_(executor, options_), time_(service_.time),
      tls_(options_.certificate_file.empty() ? nullptr : load_certificate(options_)),
      acceptor_(executor), stop_(executor), left_(executor)
{
}

checked<void> listener_loop::open()
{
    if (acceptor_.is_open())
        return {};
    error_code ec;
    const auto address = asio::ip::make_address(options_.address, ec);
    auto opened = options_.descriptor ? take_descriptor(*options_.descriptor)
                                      : bind({address, options_.port});
    if (opened)
        local_ = acceptor_.local_endpoint(ec);
    if (opened && access_.tokens.empty() && !local_.address().is_loopback())
        opened = problem{make_error_code(errc::invalid_value), "descriptor",
                         "listens on an address that others can reach, so a token is needed"};
    if (!opened)
        acceptor_.close(ec);
    return opened;
}

checked<void> listener_loop::bind(const tcp::endpoint& where)
{
    error_code ec;
    acceptor_.open(where.protocol(), ec);
    if (!ec)
        acceptor_.set_option(tcp::acceptor::reuse_address(true), ec);
    const int on = 1;
    if (!ec && options_.share_port &&
        ::setsockopt(acceptor_.native_handle(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) != 0)
        ec = {errno, boost::system::system_category()};
    if (!ec)
        acceptor_.bind(where, ec);
    if (!ec)
        acceptor_.listen(tcp::acceptor::max_listen_connections, ec);
    if (ec == asio::error::address_in_use)
        return not_available(ec, "port",
                             text_of(where) + " is taken by another program; stop it, "
                                              "or choose another port");
    if (ec == asio::error::access_denied)
        return not_available(ec, "port",
                             text_of(where) + " needs privileges; take a port from "
                                              "1024, behind a proxy if need be");
    if (ec)
        return not_available(ec, "address", text_of(where) + ": " + ec.message());
    return {};
}

checked<void> listener_loop::take_descriptor(int descriptor)
{
    error_code ec;
    int listens = 0;
    socklen_t size = sizeof listens;
    sockaddr_storage name{};
    socklen_t name_size = sizeof name;
    if (::getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) != 0 || listens == 0 ||
        ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&name), &name_size) != 0 ||
        (name.ss_family != AF_INET && name.ss_family != AF_INET6))
        return problem{make_error_code(errc::invalid_value), "descriptor",
                       std::to_string(descriptor) + " is no TCP socket that listens"};
    acceptor_.assign(name.ss_family == AF_INET ? tcp::v4() : tcp::v6(), descriptor, ec);
    if (ec)
        return not_available(ec, "descriptor", std::to_string(descriptor) + ": " + ec.message());
    return {};
}

asio::awaitable<error_code> listener_loop::run()
{
    using namespace asio::experimental::awaitable_operators;
    const auto self = shared_from_this();
    if (std::exchange(started_, true))
        co_return asio::error::already_started;
    co_await asio::this_coro::throw_if_cancelled(false);
    if (closed_) {
        status_.state = listener_state::stopped;
        co_return error_code{};
    }
    if (const auto opened = open(); !opened) {
        options_.log.write(log_level::error, "listener.failed", to_string(opened.error()));
        status_.state = listener_state::stopped;
        co_return opened.error().code;
    }
    const auto stored = co_await home().start();
    if (stored) {
        status_.state = listener_state::stopped;
        co_return stored;
    }
    if (!options_.http_path.empty())
        endpoint_ =
            std::make_shared<http_endpoint>(home(), options_.connection, options_.answer_within);
    status_.state = listener_state::listening;
    options_.log.write(log_level::info, "listener.open", tls_ ? "listening, with TLS" : "listening",
                       {{"address", text_of(local_)}});
    const auto thrown = co_await home().watch_during(accept_all() && shut_down());
    drop_all();
    close();
    status_.state = listener_state::stopped;
    if (thrown)
        std::rethrow_exception(thrown);
    co_return error_code{};
}

void listener_loop::close()
{
    closed_ = true;
    error_code ignored;
    acceptor_.close(ignored);
}

void listener_loop::stop()
{
    if (std::exchange(stopping_, true))
        return abort();
    close();
    stop_.notify();
}

void listener_loop::abort()
{
    stopping_ = aborting_ = true;
    close();
    stop_.notify();
    home().quiet().notify();
    drop_all();
}

void listener_loop::drop(guest& g)
{
    if (g.websocket)
        g.websocket->abort();
    if (g.http)
        g.http->abort();
}

void listener_loop::drop_all()
{
    for (auto& g : guests_)
        drop(g);
}

asio::awaitable<void> listener_loop::accept_all()
{
    co_await asio::this_coro::throw_if_cancelled(false);
    while (!closed_) {
        tcp::endpoint from;
        auto [ec, socket] = co_await acceptor_.async_accept(from, asio::as_tuple(asio::deferred));
        const auto state = co_await asio::this_coro::cancellation_state;
        if (is_cancelled(state))
            co_return;
        if (!ec) {
            welcome(std::move(socket), from);
            continue;
        }
        if (closed_)
            co_return;
        if (const auto left_out = refusals_.allow(time_.now()))
            options_.log.write(log_level::error, "listener.accept", ec.message(),
                               {{"suppressed", std::to_string(*left_out)}});
        // Most likely there is no descriptor left; one comes back when a connection ends.
        co_await time_.sleep_until(time_.now() + wait_for_descriptors);
    }
}

void listener_loop::welcome(tcp::socket socket, const tcp::endpoint& from)
{
    ++status_.accepted;
    const auto g = std::make_shared<guest>(++numbers_, std::move(socket), from, home().times(),
                                           options_.limits);
    guests_.push_back(*g);
    ++status_.open;
    strangers_.push_back(*g);
    if (++status_.strangers > options_.max_strangers) {
        auto& oldest = strangers_.front();
        note_refused(oldest, "had shown no token yet when too many others came");
        let_in(oldest);
        oldest.http->abort();
    }
    asio::co_spawn(executor_, serve(g), asio::detached);
}

void listener_loop::let_in(guest& g)
{
    if (!g.is_stranger())
        return;
    g.among_strangers.unlink();
    --status_.strangers;
}

asio::awaitable<void> listener_loop::shut_down()
{
    co_await asio::this_coro::throw_if_cancelled(false);
    co_await stop_.wait();
    status_.state = listener_state::stopping;
    home().refuse_new();
    const auto deadline = time_.now() + options_.drain;
    while (!aborting_ && home().live() > 0) {
        if (!co_await home().quiet().wait_until(time_, deadline))
            break;
    }
    co_await home().stop(aborting_ ? clock::duration{} : options_.sessions.farewell);
    for (auto& g : guests_) {
        if (g.websocket)
            g.websocket->stop(1001, "going away");
        else if (g.http && !g.busy)
            g.http->abort();
    }
    co_await see_out(time_.now() + options_.connection.close_timeout);
}

asio::awaitable<void> listener_loop::see_out(clock::time_point by)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    // Not in a condition: GCC 12 spoils the frame of the coroutine then.
    bool in_time = true;
    while (in_time && status_.open > 0)
        in_time = co_await left_.wait_until(time_, by);
    drop_all();
}

checked<void> listener_loop::reload_certificate()
{
    if (!tls_)
        return {};
    auto loaded = server_context(options_.certificate_file, options_.key_file);
    if (!loaded) {
        options_.log.write(log_level::error, "listener.certificate",
                           to_string(loaded.error()) + "; the one in use stays");
        return loaded.error();
    }
    tls_ = std::move(*loaded);
    options_.log.write(log_level::info, "listener.certificate", "read again");
    return {};
}

std::optional<problem> listener_loop::check_tokens(const std::vector<secret>& tokens) const
{
    auto wanted = options_;
    wanted.tokens = tokens;
    if (auto wrong = validate(wanted))
        return wrong;
    if (tokens.empty() && acceptor_.is_open() && !local_.address().is_loopback())
        return problem{make_error_code(errc::invalid_value), "tokens",
                       "are needed on an address that others can reach"};
    return std::nullopt;
}

checked<void> listener_loop::replace_tokens(std::vector<secret> tokens)
{
    if (auto wrong = check_tokens(tokens))
        return std::move(*wrong);
    access_.tokens = std::move(tokens);
    return {};
}

void listener_loop::note_refused(const guest& g, std::string_view why)
{
    ++status_.refused;
    const auto left_out = refusals_.allow(time_.now());
    if (!left_out)
        return;
    options_.log.write(log_level::warning, "listener.refused", why,
                       {{"from", text_of(g.address)}, {"suppressed", std::to_string(*left_out)}});
}

void listener_loop::note_end(const guest& g, const connection_end& e)
{
    const bool in_order = e.end.error == make_error_code(errc::closed_locally) ||
                          e.end.close_code == 1000 || e.end.close_code == 1001;
    const bool cut = idle_cuts_.ended(e.end.error, e.silent, time_.now());
    const auto level = in_order ? log_level::info : log_level::warning;
    if (!options_.log.enabled(level))
        return;
    auto text = describe(e.end);
    if (cut)
        text += idle_cut_remedy;
    options_.log.write(level, in_order ? "connection.closed" : "connection.lost", text,
                       {{"connection", std::to_string(g.number)},
                        {"lived_s", in_seconds(e.lived)},
                        {"silent_s", in_seconds(e.silent)}});
}

void listener_loop::note_open(const guest& g)
{
    if (options_.log.enabled(log_level::info))
        options_.log.write(
            log_level::info, "connection.open", "accepted",
            {{"connection", std::to_string(g.number)}, {"from", text_of(g.address)}});
}

}  // namespace aiflow

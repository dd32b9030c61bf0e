#include "ctl_http.hpp"

#include "aiflow/log.hpp"
#include "ctl_socket.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <chrono>
#include <cstdint>
#include <sstream>
#include <utility>

namespace {

namespace http = boost::beast::http;
using namespace std::chrono_literals;
using response_parser = http::response_parser<http::string_body>;
using got = ctl_socket::got;

constexpr auto patience = 10s;
constexpr std::size_t piece = std::size_t{64} * 1024;
constexpr std::uint64_t max_body = std::uint64_t{256} * 1024 * 1024;

std::string wire_of(const ctl_request& r)
{
    http::request<http::string_body> request;
    request.method_string(r.method);
    request.target(r.target);
    request.set(http::field::host, "aiflowd");
    request.set(http::field::connection, "close");
    request.set(http::field::user_agent, "aiflowctl/" AIFLOW_VERSION);
    if (!r.body.empty())
        request.set(http::field::content_type, "application/json");
    request.body() = r.body;
    request.prepare_payload();
    std::ostringstream out;
    out << request;
    return std::move(out).str();
}

ctl_failure unexpected(const std::string& path, const std::string& what)
{
    return {exit_unavailable, "the answer at " + aiflow::printable(path) + " " + what +
                                  "; is this the control socket of aiflowd?"};
}

/// One request and its answer, which comes bit by bit.
class exchange {
public:
    exchange(ctl_socket socket, std::string path)
        : socket_(std::move(socket)), path_(std::move(path))
    {
        parser_.eager(true);
        parser_.body_limit(max_body);
    }

    bool send(const ctl_request& r) { return socket_.write(wire_of(r), by_); }

    /// Reads on. Nothing while there is more to come.
    std::optional<ctl_failure> read_some()
    {
        const auto to = buffer_.prepare(piece);
        std::size_t count = 0;
        switch (socket_.read(static_cast<char*>(to.data()), to.size(), count,
                             endless_ ? std::nullopt : std::optional(by_))) {
        case got::signal:
            stopped_ = true;
            return std::nullopt;
        case got::too_late:
            return ctl_failure{exit_unavailable, "the daemon does not answer within 10 s; see "
                                                 "whether it hangs with \"journalctl -u aiflowd\""};
        case got::end:
            return ended();
        case got::bytes:
            break;
        }
        buffer_.commit(count);
        return parse();
    }

    bool done() const { return parser_.is_done() || stopped_; }
    bool has_header() const { return parser_.is_header_done(); }
    bool stopped() const noexcept { return stopped_; }
    unsigned status() const { return parser_.get().result_int(); }
    std::string take_body() { return std::exchange(parser_.get().body(), {}); }

    /// It may take for ever, and be of any size, from now on.
    void go_on()
    {
        endless_ = true;
        parser_.body_limit(boost::none);
    }

private:
    std::optional<ctl_failure> parse()
    {
        boost::system::error_code failed;
        while (!parser_.is_done() && buffer_.size() > 0) {
            const auto used = parser_.put(buffer_.data(), failed);
            buffer_.consume(used);
            if (failed == http::error::need_more)
                return std::nullopt;
            if (failed)
                return unexpected(path_, failed == http::error::body_limit ? "is too large"
                                                                           : "is not HTTP");
            if (used == 0)
                break;
        }
        return std::nullopt;
    }

    std::optional<ctl_failure> ended()
    {
        boost::system::error_code failed;
        if (parser_.got_some())
            parser_.put_eof(failed);
        if (parser_.got_some() && !failed && parser_.is_done())
            return std::nullopt;
        return parser_.is_header_done()
                   ? ctl_failure{exit_unavailable, "the daemon went away in the middle of its "
                                                   "answer; see \"journalctl -u aiflowd\""}
                   : unexpected(path_, "is missing");
    }

    ctl_socket socket_;
    std::string path_;
    boost::beast::flat_buffer buffer_;
    response_parser parser_;
    std::chrono::steady_clock::time_point by_ = std::chrono::steady_clock::now() + patience;
    bool endless_ = false;
    bool stopped_ = false;
};

ctl_failure interrupted()
{
    return {exit_unavailable, "interrupted before the answer came"};
}

}  // namespace

ctl_result<ctl_answer> ask(const std::string& path, const ctl_request& request)
{
    auto socket = ctl_socket::open(path);
    if (!socket)
        return socket.error();
    exchange e(std::move(*socket), path);
    // A daemon that refuses the peer may close before it has read; its answer may be there then.
    e.send(request);
    while (!e.done()) {
        if (auto failed = e.read_some())
            return std::move(*failed);
    }
    if (e.stopped())
        return interrupted();
    return ctl_answer{e.status(), e.take_body()};
}

ctl_result<ctl_answer> follow(const std::string& path, const ctl_request& request,
                              const std::function<void(std::string_view)>& take)
{
    auto socket = ctl_socket::open(path);
    if (!socket)
        return socket.error();
    exchange e(std::move(*socket), path);
    e.send(request);
    while (!e.done()) {
        auto failed = e.read_some();
        if (e.has_header() && e.status() == 200) {
            e.go_on();
            take(e.take_body());
        }
        if (failed)
            return std::move(*failed);
    }
    if (!e.has_header())
        return interrupted();
    return ctl_answer{e.status(), e.take_body()};
}

#include "aiflow/log.hpp"
#include "aiflow/websocket.hpp"
#include "transport/caught.hpp"
#include "transport/exception_text.hpp"
#include "transport/http_stream.hpp"
#include "transport/websocket_header.hpp"
#include "transport/websocket_upgrade.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>

#include <algorithm>
#include <exception>
#include <utility>
#include <variant>

namespace aiflow {
namespace {

upgrade_answer ask(const upgrade_decision& decide, const upgrade_request& request)
{
    if (!decide)
        return {};
    auto answer = decide(request);
    const bool possible = answer.status == 101 || (answer.status >= 300 && answer.status <= 599);
    const bool sendable =
        std::all_of(answer.headers.begin(), answer.headers.end(), [](const http_header& h) {
            return is_sendable(h) && !belongs_to_handshake(h.name);
        });
    if (!possible || !sendable)
        return {500, {}};
    return answer;
}

connect_failure refused(errc why, unsigned status, std::string detail)
{
    connect_failure f;
    f.stage = connect_stage::upgrade;
    f.error = make_error_code(why);
    f.http_status = status;
    f.detail = std::move(detail);
    return f;
}

asio::awaitable<dial_result> receive_upgrade(http_stream& http, clock& time, accept_options options)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    if (auto failed = co_await http.read(time.now() + options.upgrade_timeout))
        co_return std::move(*failed);
    const auto& request = http.request();
    http_answer no;
    if (auto wrong = check_upgrade(request); wrong.status != 0) {
        no.status = wrong.status;
        co_await http.answer(std::move(no));
        co_return refused(errc::upgrade_invalid, wrong.status, std::move(wrong.detail));
    }
    upgrade_answer answer;
    std::string detail;
    try {
        answer = ask(options.decide, request);
    } catch (...) {
        detail = exception_text(std::current_exception());
        answer.status = 500;
    }
    if (answer.status != 101) {
        no.status = answer.status;
        no.headers = std::move(answer.headers);
        co_await http.answer(std::move(no));
        co_return refused(errc::upgrade_refused, answer.status, std::move(detail));
    }
    co_return co_await http.upgrade(std::string(request.value("Sec-WebSocket-Key")),
                                    std::move(answer.headers));
}

}  // namespace

asio::awaitable<dial_result> accept(asio::ip::tcp::socket socket, clock& time,
                                    accept_options options)
{
    using namespace asio::experimental::awaitable_operators;
    const bool throws = co_await asio::this_coro::throw_if_cancelled();
    co_await asio::this_coro::throw_if_cancelled(false);
    timetable times(socket.get_executor(), time);
    http_stream http(std::move(socket), times, options.limits);
    std::exception_ptr thrown;
    auto first = co_await (caught<dial_result>(receive_upgrade(http, time, std::move(options)),
                                               connect_failure(), thrown) ||
                           times.watch());
    if (thrown)
        std::rethrow_exception(thrown);
    co_await asio::this_coro::throw_if_cancelled(throws);
    if (auto* result = std::get_if<0>(&first))
        co_return std::move(*result);
    connect_failure cancelled;
    cancelled.stage = connect_stage::upgrade;
    cancelled.error = asio::error::operation_aborted;
    co_return cancelled;
}

}  // namespace aiflow

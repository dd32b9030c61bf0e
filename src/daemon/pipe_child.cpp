#include "daemon/pipe_child.hpp"

#include "daemon/child_process.hpp"
#include "text/duration_text.hpp"
#include "transport/deadline.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <csignal>
#include <utility>
#include <vector>

namespace aiflow {

namespace {

using namespace asio::experimental::awaitable_operators;

// What a pipe of Linux holds.
constexpr std::size_t chunk_bytes = std::size_t{64} * 1024;

// A process that the child has started and that has left its session may hold the pipes open, and
// write on and on.
constexpr int max_chunks_after_the_end = 64;

constexpr auto as_tuple = asio::as_tuple(asio::use_awaitable);

asio::awaitable<error_code> writable(child_process& p)
{
    const auto [ec] = co_await p.in().async_wait(child_process::descriptor::wait_write, as_tuple);
    co_return ec;
}

asio::awaitable<error_code> has_ended(child_process& p)
{
    co_await p.wait();
    co_return error_code();
}

// What is begun after a cancellation is not cancelled by it, so every wait asks for it before.
asio::awaitable<bool> cancelled()
{
    const auto state = co_await asio::this_coro::cancellation_state;
    co_return is_cancelled(state);
}

asio::awaitable<void> for_ever(asio::any_io_executor executor)
{
    async_event never(executor);
    const bool over = co_await cancelled();
    if (!over)
        co_await never.wait();
}

}  // namespace

pipe_child::pipe_child(const asio::any_io_executor& executor, clock& time, const logger& log,
                       pipe_settings settings, pipe_reader& reader, std::uint64_t seed)
    : executor_(executor), time_(time), log_(log), settings_(std::move(settings)), reader_(reader),
      restarts_(settings_.restart_initial, settings_.restart_max, seed), lines_(executor),
      hurry_(executor)
{
}

asio::awaitable<void> pipe_child::run()
{
    co_await asio::this_coro::throw_if_cancelled(false);
    for (;;) {
        const bool again = co_await live_and_pause();
        if (!again)
            break;
    }
    lines_.close();
}

/// False when that was the last one.
asio::awaitable<bool> pipe_child::live_and_pause()
{
    if (stopping_)
        co_return false;
    finishing_ = replacing_ = false;
    started_ = time_.now();
    auto child = child_process::start(executor_, settings_.command);
    if (child) {
        co_await live(**child);
        child->reset();
    } else {
        not_started(child.error());
    }
    const bool over = co_await cancelled();
    if (over || stopping_)
        co_return false;
    if (replacing_)
        co_return true;
    co_await hurry_.wait_until(time_, *next_start_);
    next_start_.reset();
    const bool over_now = co_await cancelled();
    co_return !over_now;
}

void pipe_child::stop()
{
    stopping_ = finishing_ = true;
    replacing_ = false;
    if (next_start_)
        hurry_.notify();
    lines_.wake();
}

void pipe_child::change(pipe_settings settings)
{
    const bool other = settings.command != settings_.command;
    settings_ = std::move(settings);
    restarts_.change(settings_.restart_initial, settings_.restart_max);
    if (!other || stopping_)
        return;
    if (next_start_) {
        hurry_.notify();
    } else {
        finishing_ = replacing_ = true;
        lines_.wake();
    }
}

// What is said of a child until it has ended.
std::string_view pipe_child::being_ended(reason why) noexcept
{
    switch (why) {
    case reason::closed_stdout:
        return "has closed its stdout, and is given time to end";
    case reason::closed_stdin:
        return "has closed its stdin, and is given time to end";
    case reason::does_not_read:
        return "does not read, and is being killed";
    default:
        return "was told to end";
    }
}

std::string pipe_child::trouble() const
{
    if (running())
        return {};
    std::string text = "the child " + last_trouble_;
    if (next_start_) {
        const auto left = std::max(clock::duration::zero(), *next_start_ - time_.now());
        text += "; again in " + duration_text(std::chrono::ceil<std::chrono::milliseconds>(left));
    }
    return text;
}

asio::awaitable<void> pipe_child::live(child_process& p)
{
    line_splitter lines(settings_.line_bytes, line_splitter::too_long::drop);
    stderr_log errors(log_);
    log_.write(log_level::info, "pipe.started", "the child process runs",
               {{"program", printable(settings_.command.arguments.front())},
                {"pid", std::to_string(p.pid())}});
    told_.clear();
    lines_.open();

    const auto first = co_await (write(p) || read(p, lines) || read_errors(p, errors) || p.wait());
    const bool over = co_await cancelled();
    if (over)
        co_return;
    auto why = reason::ended;
    if (first.index() == 0)
        why = std::get<0>(first);
    else if (first.index() == 1)
        why = reason::closed_stdout;

    // What comes while one child makes way for the next one can wait for that.
    if (!replacing_)
        lines_.close();
    if (why == reason::closed_stdout)
        reader_.gone();
    if (why != reason::ended) {
        last_trouble_ = being_ended(why);
        error_code ignored;
        p.in().close(ignored);
        const bool at_once = why == reason::does_not_read;
        co_await (wind_down(p, at_once) || keep_reading(p, lines) || read_errors(p, errors));
        const bool over_now = co_await cancelled();
        if (over_now)
            co_return;
    }
    ended(p, why);
    drain(p, lines, errors);
    lines_too_long_ += lines.lines_too_long();
    // What has come meanwhile is for the next one to answer.
    if (!replacing_)
        reader_.gone();
}

/// Completes when nothing more can or is to be written.
asio::awaitable<pipe_child::reason> pipe_child::write(child_process& p)
{
    for (;;) {
        const std::string batch = lines_.take(chunk_bytes);
        if (batch.empty() && finishing_)
            co_return reason::told;
        if (batch.empty())
            co_await lines_.ready();
        std::string_view left = batch;
        while (!left.empty()) {
            error_code ec;
            left.remove_prefix(p.in().write_some(asio::buffer(left), ec));
            if (ec == asio::error::would_block)
                ec = co_await with_deadline(time_, time_.now() + settings_.write_timeout,
                                            writable(p));
            if (ec == asio::error::timed_out)
                co_return reason::does_not_read;
            if (ec)
                co_return reason::closed_stdin;
        }
        const bool over = co_await cancelled();
        if (over)
            co_return reason::told;
    }
}

/// Completes at the end of its stdout.
asio::awaitable<void> pipe_child::read(child_process& p, line_splitter& lines)
{
    std::string bytes(chunk_bytes, '\0');
    for (;;) {
        // It waits, and so the child, when more comes than can be carried out.
        co_await reader_.room();
        const bool over = co_await cancelled();
        if (over)
            co_return;
        const auto [ec, got] = co_await p.out().async_read_some(asio::buffer(bytes), as_tuple);
        lines.push(std::string_view(bytes).substr(0, got));
        hand_on(lines);
        if (ec)
            co_return;
    }
}

asio::awaitable<void> pipe_child::keep_reading(child_process& p, line_splitter& lines)
{
    co_await read(p, lines);
    co_await for_ever(executor_);
}

/// Never completes: a child need not have a stderr.
asio::awaitable<void> pipe_child::read_errors(child_process& p, stderr_log& errors)
{
    std::string bytes(chunk_bytes, '\0');
    for (;;) {
        const auto [ec, got] = co_await p.err().async_read_some(asio::buffer(bytes), as_tuple);
        errors.push(std::string_view(bytes).substr(0, got), time_.now());
        if (ec)
            break;
    }
    co_await for_ever(executor_);
}

/// Completes when it has ended.
asio::awaitable<void> pipe_child::wind_down(child_process& p, bool at_once)
{
    const auto from = time_.now();
    if (!at_once) {
        const error_code by_itself =
            co_await with_deadline(time_, from + settings_.stop_timeout / 2, has_ended(p));
        if (by_itself != asio::error::timed_out)
            co_return;
        p.signal(SIGTERM);
        const error_code terminated =
            co_await with_deadline(time_, from + settings_.stop_timeout, has_ended(p));
        if (terminated != asio::error::timed_out)
            co_return;
    }
    p.signal(SIGKILL);
    co_await p.wait();
}

/// What was written just before the end.
void pipe_child::drain(child_process& p, line_splitter& lines, stderr_log& errors)
{
    std::string bytes(chunk_bytes, '\0');
    const auto next = [&bytes](child_process::descriptor& from) {
        error_code none_left;
        return std::string_view(bytes).substr(0, from.read_some(asio::buffer(bytes), none_left));
    };
    for (int i = 0; i < max_chunks_after_the_end; ++i) {
        const auto got = next(p.out());
        if (got.empty())
            break;
        lines.push(got);
        hand_on(lines);
    }
    if (const auto last = lines.rest())
        reader_.line(*last);
    for (int i = 0; i < max_chunks_after_the_end; ++i) {
        const auto got = next(p.err());
        if (got.empty())
            break;
        errors.push(got, time_.now());
    }
    errors.finish(time_.now());
}

void pipe_child::hand_on(line_splitter& lines)
{
    while (const auto line = lines.next())
        reader_.line(*line);
}

void pipe_child::ended(child_process& p, reason why)
{
    const auto status = p.end();
    const auto lived = time_.now() - started_;
    last_trouble_ = to_string(status);
    // A child that ends closes its pipes as well; that is the reason only if nothing else ended it.
    if (why == reason::does_not_read)
        last_trouble_ += " since it did not read";
    else if (why == reason::closed_stdin && status.signal != 0)
        last_trouble_ += " after it had closed its stdin";
    else if (why == reason::closed_stdout && status.signal != 0)
        last_trouble_ += " after it had closed its stdout";
    const auto seconds = std::chrono::floor<std::chrono::seconds>(lived);
    const std::string lived_s = std::to_string(seconds.count());
    if (finishing_) {
        log_.write(log_level::info, "pipe.ended", "the child process has ended as it was told to",
                   {{"how", last_trouble_}, {"lived_s", lived_s}});
        return;
    }
    ++failures_;
    const auto delay = restarts_.next(lived);
    next_start_ = time_.now() + delay;
    log_.write(log_level::warning, "pipe.ended",
               "the child process has ended; calls go on with the apology until it is back",
               {{"how", last_trouble_},
                {"lived_s", lived_s},
                {"again_in",
                 duration_text(std::chrono::duration_cast<std::chrono::milliseconds>(delay))}});
}

void pipe_child::not_started(const problem& why)
{
    lines_.close();
    replacing_ = false;
    ++failures_;
    const auto delay = restarts_.next(clock::duration::zero());
    next_start_ = time_.now() + delay;
    last_trouble_ = "cannot be started: " + to_string(why);
    // Tried again for as long as it takes, which is no news.
    const auto level = told_ == last_trouble_ ? log_level::debug : log_level::error;
    told_ = last_trouble_;
    log_.write(level, "pipe.failed", "the child process cannot be started",
               {{"why", to_string(why)}});
    reader_.gone();
}

}  // namespace aiflow

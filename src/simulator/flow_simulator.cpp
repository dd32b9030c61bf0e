#include "simulator/flow_simulator.hpp"

#include "simulator/simulator_core.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace aiflow::simulator {

namespace {

using namespace asio::experimental::awaitable_operators;
using core_ptr = std::shared_ptr<simulator_core>;
using link_ptr = std::shared_ptr<sim_link>;

constexpr std::chrono::seconds close_limit{5};

asio::awaitable<void> await_bell(bell* b)
{
    if (!b->rung)
        co_await b->timer.async_wait(asio::as_tuple(asio::use_awaitable));
    b->rung = false;
}

asio::awaitable<void> await_bell_until(clock* time, bell* b, clock::time_point when)
{
    co_await (await_bell(b) || time->sleep_until(when));
}

asio::awaitable<void> read_loop(core_ptr core, link_ptr link, message_stream* stream)
{
    for (;;) {
        auto got = co_await stream->read();
        if (got.has_error())
            co_return;
        for (const incoming_message& m : *got)
            core->take_message(*link, m);
    }
}

// True when the connection is to be cut or closed and all is written; false when a write failed.
asio::awaitable<bool> write_loop(core_ptr core, link_ptr link, message_stream* stream)
{
    for (;;) {
        while (!link->queue.empty()) {
            const std::vector<std::string> texts = std::exchange(link->queue, {});
            std::vector<outgoing_message> batch;
            batch.reserve(texts.size());
            for (const std::string& text : texts)
                batch.push_back({outgoing_message::text, text});
            const write_result written = co_await stream->write(batch);
            if (written.error)
                co_return false;
        }
        if (link->cut != nullptr || core->closing)
            co_return true;
        co_await await_bell(&link->wake);
    }
}

asio::awaitable<void> stay_silent(core_ptr core, link_ptr link, std::chrono::milliseconds span)
{
    const auto until = core->time().now() + core->scaled(span);
    while (!core->closing && core->time().now() < until)
        co_await await_bell_until(&core->time(), &link->wake, until);
}

void reset(message_stream& stream, const wire_faults& faults)
{
    if (faults.reset)
        faults.reset();
    stream.abort();
}

// Reads until the other end has gone as well, for as long as a close may take.
asio::awaitable<void> read_to_the_end(core_ptr core, link_ptr link, message_stream* stream)
{
    const auto until = core->time().now() + close_limit;
    co_await (read_loop(core, link, stream) || core->time().sleep_until(until));
}

asio::awaitable<void> carry_out_cut(core_ptr core, link_ptr link, message_stream* stream,
                                    const wire_faults* faults)
{
    const cut_step& cut = *link->cut;
    switch (cut.kind) {
    case cut_kind::close:
        co_await stream->close(cut.code, cut.reason, core->time().now() + close_limit);
        break;
    case cut_kind::reset:
        reset(*stream, *faults);
        break;
    case cut_kind::silence:
        co_await stay_silent(core, link, cut.time);
        reset(*stream, *faults);
        break;
    case cut_kind::half_close:
        if (faults->half_close) {
            faults->half_close();
            co_await read_to_the_end(core, link, stream);
        }
        stream->abort();
        break;
    }
}

asio::awaitable<void> serve_link(core_ptr core, std::unique_ptr<message_stream> stream,
                                 wire_faults faults)
{
    const link_ptr link = core->open_link(stream->get_executor());
    const std::variant<std::monostate, bool> first =
        co_await (read_loop(core, link, stream.get()) || write_loop(core, link, stream.get()));
    const bool ended_here = first.index() == 1 && std::get<1>(first);
    core->link_ended(*link, ended_here ? stream_end{} : stream->end(), ended_here);
    if (ended_here && link->cut != nullptr) {
        co_await carry_out_cut(core, link, stream.get(), &faults);
    } else {
        const std::uint16_t code = core->stopping() ? 1001 : 1000;
        co_await stream->close(code, {}, core->time().now() + close_limit);
    }
    core->link_gone(*link);
}

asio::awaitable<void> play_calls(core_ptr core)
{
    while (!core->stopping() && !core->all_over()) {
        core->run_due();
        if (core->all_over())
            break;
        const auto due = core->due();
        if (due)
            co_await await_bell_until(&core->time(), core->run_bell, *due);
        else
            co_await await_bell(core->run_bell);
    }
}

// The bell is the running coroutine's, and goes with it when that is cancelled.
struct bell_owner {
    bell_owner(core_ptr c, bell* b) : core(std::move(c)) { core->run_bell = b; }
    bell_owner(const bell_owner&) = delete;
    bell_owner& operator=(const bell_owner&) = delete;
    ~bell_owner() { core->run_bell = nullptr; }

    core_ptr core;
};

asio::awaitable<void> run_core(core_ptr core)
{
    bell wake(co_await asio::this_coro::executor);
    const bell_owner owner(core, &wake);
    co_await play_calls(core);
    const auto lingering = core->time().now() + core->scaled(core->plan().linger);
    while (!core->stopping() && core->time().now() < lingering)
        co_await await_bell_until(&core->time(), &wake, lingering);
    core->conclude();
    while (!core->links().empty())
        co_await await_bell(&wake);
}

}  // namespace

flow_simulator::flow_simulator(clock& time, scenario s, simulator_options options)
    : core_(std::make_shared<simulator_core>(time, std::move(s), std::move(options)))
{
}

asio::awaitable<void> flow_simulator::run()
{
    return run_core(core_);
}

asio::awaitable<void> flow_simulator::serve(std::unique_ptr<message_stream> stream,
                                            wire_faults faults)
{
    return serve_link(core_, std::move(stream), std::move(faults));
}

void flow_simulator::stop()
{
    core_->stop();
}

std::size_t flow_simulator::connections_wanted() const
{
    return core_->connections_wanted();
}

bool flow_simulator::begun() const noexcept
{
    return core_->begun();
}

bool flow_simulator::over() const noexcept
{
    return core_->closing;
}

const journal& flow_simulator::record() const noexcept
{
    return core_->record();
}

const scenario& flow_simulator::plan() const noexcept
{
    return core_->plan();
}

}  // namespace aiflow::simulator

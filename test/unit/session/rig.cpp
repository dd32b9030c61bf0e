#include "rig.hpp"

#include "session/run_loop.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/this_coro.hpp>

#include <new>
#include <utility>

namespace aiflow::test {

rig::rig(client_options o)
{
    if (o.url.empty())
        o.url = "ws://127.0.0.1:1/";
    o.time = &time;
    o.seed = 7;
    o.log = logger(
        [this](const log_record& r) {
            std::string line(r.id);
            line += ": ";
            line += r.text;
            for (const auto& f : r.fields)
                line += " " + std::string(f.name) + "=" + f.value;
            log.push_back(std::move(line));
        },
        log_level::debug);
    loop = std::make_shared<client_loop>(io.get_executor(), std::move(o),
                                         [this] { return connect(); });
    loop->home().serve(make_handler_factory<scripted_handler>(bot));
}

rig::~rig()
{
    if (loop)
        loop->abort();
    run_for(io, time, 1min);
}

void rig::start()
{
    asio::co_spawn(io, run_loop(loop),
                   asio::bind_cancellation_slot(cancel.slot(),
                                                [this](std::exception_ptr thrown, error_code ec) {
                                                    if (thrown)
                                                        std::rethrow_exception(thrown);
                                                    finished = ec;
                                                }));
    settle();
}

asio::awaitable<dial_result> rig::connect()
{
    ++attempts;
    if (out_of_memory)
        throw std::bad_alloc();
    if (hang)
        co_await time.sleep_until(time.now() + 24h);
    if (!refusals.empty()) {
        auto refusal = refusals.front();
        refusals.pop_front();
        co_return refusal;
    }
    simulator::stream_pair pair(io.get_executor(), time);
    peers.push_back(std::make_unique<peer>(
        peer{std::move(pair.far), pair.far_control, pair.near_control, {}, {}, {}}));
    asio::co_spawn(io, read(*peers.back()), asio::detached);
    co_return std::move(pair.near);
}

asio::awaitable<void> rig::read(peer& p)
{
    for (;;) {
        auto batch = co_await p.stream->read();
        if (!batch) {
            p.end = p.stream->end();
            co_return;
        }
        for (const auto& m : *batch)
            if (m.kind == incoming_message::text)
                p.received.emplace_back(m.data);
    }
}

asio::awaitable<void> rig::write(peer& p)
{
    while (!p.outbox.empty()) {
        const std::string text = std::move(p.outbox.front());
        p.outbox.pop_front();
        const outgoing_message m{outgoing_message::text, text};
        co_await p.stream->write({&m, 1});
    }
}

void rig::send(std::string text)
{
    send(last(), std::move(text));
}

void rig::send(peer& to, std::string text)
{
    to.send(std::move(text));
    asio::co_spawn(io, write(to), asio::detached);
    settle();
}

bool rig::logged(std::string_view id) const
{
    for (const auto& line : log)
        if (line.starts_with(id))
            return true;
    return false;
}

}  // namespace aiflow::test

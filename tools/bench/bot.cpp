// The bot that aiflow-bench measures: the library as an application uses it.
#include "bench/answer.hpp"
#include "bench/bot_threads.hpp"

#include "aiflow/client.hpp"
#include "aiflow/listener.hpp"
#include "aiflow/memory_outbox.hpp"

#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>

#include <cstdio>
#include <exception>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace aiflow;

// Greets, and answers each turn.
struct talking_bot final : handler {
    using handler::handler;

    asio::awaitable<void> on_session_start(session_start) override
    {
        return say(std::string(bench::answer_text));
    }
    asio::awaitable<void> on_user_speak(user_speak) override
    {
        return say(std::string(bench::answer_text));
    }
};

// Answers each turn only.
struct quiet_bot final : handler {
    using handler::handler;

    asio::awaitable<void> on_user_speak(user_speak) override
    {
        return say(std::string(bench::answer_text));
    }
};

// Answers each turn with an SMS to the caller.
struct texting_bot final : handler {
    using handler::handler;

    asio::awaitable<void> on_user_speak(user_speak) override
    {
        co_await send_sms(caller(), "Your confirmation code is 4242.");
    }
};

struct settings {
    std::string manner = "talk";
    std::string certificate;
    std::string key;
    std::string url;
    std::size_t connections = 1;
    unsigned threads = 1;
    double seconds = 1;
};

handler_factory factory_for(const settings& s)
{
    if (s.manner == "sms")
        return make_handler_factory<texting_bot>();
    if (s.manner == "turns")
        return make_handler_factory<quiet_bot>();
    return make_handler_factory<talking_bot>();
}

// What would stop an SMS in every session from being sent; all else is as it always is.
session_options sessions()
{
    session_options o;
    o.max_sessions = 1'000'000;
    o.sms.window = std::chrono::milliseconds(100);  // so that the ends of SMS are part of the work
    o.sms.process_per_minute = 1'000'000;
    o.sms.max_open = 1'000'000;
    return o;
}

constexpr std::size_t outbox_size = 10'000'000;

void rethrow(std::exception_ptr thrown, error_code ec)
{
    if (thrown)
        std::rethrow_exception(thrown);
    if (ec)
        throw boost::system::system_error(ec);
}

// A listener with a thread of its own; they share nothing but the port.
class served {
public:
    served(const settings& s, std::uint16_t port)
        : store_(outbox_size), listener_(io_, options(s, port))
    {
        listener_.serve(factory_for(s));
        listener_.open().value();
        listener_.async_run(rethrow);
    }

    std::uint16_t port() const { return listener_.port(); }
    void run() { io_.run(); }

private:
    listener_options options(const settings& s, std::uint16_t port)
    {
        listener_options o;
        o.port = port;
        o.share_port = s.threads > 1;
        o.certificate_file = s.certificate;
        o.key_file = s.key;
        // Thousands come at once, and all are let in.
        o.max_connections = 100'000;
        o.max_strangers = 100'000;
        o.sessions = sessions();
        o.store = &store_;
        return o;
    }

    asio::io_context io_{1};
    memory_outbox store_;
    listener listener_;
};

void listen(const settings& s)
{
    std::vector<std::unique_ptr<served>> all;
    for (unsigned i = 0; i < s.threads; ++i)
        all.push_back(std::make_unique<served>(s, all.empty() ? 0 : all.front()->port()));
    std::printf("port %u\n", unsigned{all.front()->port()});
    std::fflush(stdout);
    std::vector<std::jthread> others;
    for (unsigned i = 1; i < s.threads; ++i)
        others.emplace_back(&served::run, all[i].get());
    all.front()->run();
}

void dial(const settings& s)
{
    asio::io_context io(1);
    memory_outbox store(outbox_size);
    std::vector<std::unique_ptr<client>> clients;
    for (std::size_t i = 0; i < s.connections; ++i) {
        client_options o;
        o.url = s.url;
        o.ca_file = s.certificate;
        o.sessions = sessions();
        o.store = &store;
        clients.push_back(std::make_unique<client>(io, std::move(o)));
        clients.back()->serve(factory_for(s));
        clients.back()->async_run(rethrow);
    }
    io.run();
}

}  // namespace

int main(int argc, char** argv)
{
    settings s;
    CLI::App app("The bot that aiflow-bench measures.", "aiflow-bench-bot");
    app.require_subcommand(1);
    app.add_option("--manner", s.manner, "what it does: talk, turns (no greeting), sms")
        ->check(CLI::IsMember({"talk", "turns", "sms"}));
    app.add_option("--certificate", s.certificate, "PEM; of a client, what it trusts");
    auto* listening = app.add_subcommand("listen", "takes connections; prints its port");
    listening->add_option("--key", s.key, "PEM");
    listening->add_option("--threads", s.threads, "listeners on the port, each with its thread")
        ->check(CLI::Range(1, 64));
    auto* dialling = app.add_subcommand("dial", "opens connections");
    dialling->add_option("url", s.url, "ws:// or wss://")->required();
    dialling->add_option("--connections", s.connections, "so many")->check(CLI::Range(1, 10'000));
    auto* scaling = app.add_subcommand(
        "threads", "drives itself in so many threads that share nothing; prints the rate");
    scaling->add_option("threads", s.threads, "so many")->required()->check(CLI::Range(1, 64));
    scaling->add_option("--seconds", s.seconds, "how long");
    for (auto* sub : {listening, dialling, scaling})
        sub->fallthrough();
    try {
        app.parse(argc, argv);
        if (*listening)
            listen(s);
        else if (*dialling)
            dial(s);
        else
            std::printf("rate %.0f\n",
                        bench::rate_of_threads(factory_for(s), s.threads, s.seconds));
    } catch (const CLI::ParseError& e) {
        return app.exit(e) == 0 ? 0 : 64;
    } catch (const std::exception& e) {
        std::fprintf(stderr, "aiflow-bench-bot: %s\n", e.what());
        return 1;
    }
    return 0;
}

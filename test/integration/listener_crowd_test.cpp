// Crowds at a listener: they cost little, and keep nobody out.
#include "listener_rig.hpp"
#include "open_descriptors.hpp"
#include "test_certs.hpp"

#include <boost/test/unit_test.hpp>

#include <malloc.h>
#include <openssl/bio.h>
#include <openssl/ssl.h>
#include <sys/resource.h>

#include <filesystem>
#include <fstream>

using namespace aiflow;
using namespace aiflow::test;
using namespace std::chrono_literals;

namespace {

// Both ends of each connection are in this process.
void need_descriptors(rlim_t many)
{
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = std::min(limit.rlim_max, std::max(limit.rlim_cur, many));
    setrlimit(RLIMIT_NOFILE, &limit);
    BOOST_REQUIRE(limit.rlim_cur >= many);
}

std::size_t heap_in_use()
{
    return mallinfo2().uordblks;
}

// The first thing that a client says who then says no more.
std::string client_hello()
{
    const std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context(SSL_CTX_new(TLS_client_method()),
                                                               SSL_CTX_free);
    const std::unique_ptr<SSL, void (*)(SSL*)> client(SSL_new(context.get()), SSL_free);
    BIO* out = BIO_new(BIO_s_mem());
    SSL_set_bio(client.get(), BIO_new(BIO_s_mem()), out);
    SSL_set_connect_state(client.get());
    SSL_do_handshake(client.get());
    std::string bytes(static_cast<std::size_t>(BIO_pending(out)), '\0');
    BIO_read(out, bytes.data(), static_cast<int>(bytes.size()));
    return bytes;
}

void calls_and_is_answered(listener_rig& r, const std::string& id, std::string ca = {})
{
    auto dialled = r.dial_in("s3cret", {}, std::move(ca));
    BOOST_REQUIRE(dialled.has_value());
    const auto call = std::move(dialled).value();
    r.send(*call, start(id));
    BOOST_TEST(r.next(*call).find("after start") != std::string::npos);
    r.send(*call, plain("session_end", id));
}

asio::awaitable<void> slow_for_one(manual_clock* time, scripted_handler& h, std::string what)
{
    if (h.call().id() == "flood")
        co_await time->sleep_until(time->now() + 1ms);
    else if (!what.starts_with("end"))
        co_await h.say("after " + what);
}

asio::awaitable<bool> write_all(message_stream* stream, std::vector<std::string> texts)
{
    std::vector<outgoing_message> batch;
    batch.reserve(texts.size());
    for (const auto& t : texts)
        batch.push_back({outgoing_message::text, t});
    const auto result = co_await stream->write(batch);
    co_return !result.error;
}

asio::awaitable<std::string> read_one(message_stream* stream)
{
    const auto batch = co_await stream->read();
    co_return batch ? std::string(batch->front().data) : std::string();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(crowds)

BOOST_AUTO_TEST_CASE(F29_five_hundred_that_stop_in_the_handshake)
{
    need_descriptors(1200);
    const auto authority = make_certificate({.common_name = "ca", .is_authority = true}, nullptr);
    const auto own =
        make_certificate({.common_name = "bot", .alternative_names = "DNS:localhost"}, &authority);
    const pem_file ca(authority);
    const pem_file certificate(own);
    const std::string key = certificate.path() + ".key";
    std::ofstream(key) << own.key_pem();
    listener_options o;
    o.certificate_file = certificate.path();
    o.key_file = key;
    {
        listener_rig r(o);
        calls_and_is_answered(r, "before", ca.path());
        const auto hello = client_hello();
        std::size_t accepted = r.service->status().accepted;
        std::size_t after_the_first_round = 0;
        for (int round = 0; round < 2; ++round) {
            std::vector<raw_peer> stuck;
            for (int i = 0; i < 500; ++i) {
                stuck.push_back(r.knock());
                stuck.back().send(hello);
                ++accepted;
                BOOST_REQUIRE(r.until([&] { return r.service->status().accepted == accepted; }));
            }
            BOOST_TEST(r.until([&] { return r.service->status().strangers <= 64; }));
            BOOST_TEST(!stuck.back().ended());
            calls_and_is_answered(r, "meanwhile", ca.path());
            ++accepted;
            r.pass(10s);
            BOOST_TEST(r.until([&] { return r.service->status().strangers == 0; }));
            stuck.clear();
            settle(r.net.io);
            if (round == 0)
                after_the_first_round = heap_in_use();
        }
        BOOST_TEST(heap_in_use() < after_the_first_round + 262'144);
    }
    std::filesystem::remove(key);
}

BOOST_AUTO_TEST_CASE(F33_five_hundred_that_send_a_byte_a_second)
{
    need_descriptors(1200);
    listener_options o;
    o.max_strangers = 600;  // so that it is time that ends them, and not their number
    listener_rig r(o);
    std::vector<raw_peer> slow;
    for (std::size_t i = 0; i < 500; ++i) {
        slow.push_back(r.knock());
        BOOST_REQUIRE(r.until([&] { return r.service->status().open == i + 1; }));
    }
    const std::string_view header = "GET /ws HTTP/1.1\r\n";
    for (std::size_t second = 0; second < 10; ++second) {
        BOOST_TEST(r.service->status().open >= 500U);
        for (auto& peer : slow)
            peer.send(header.substr(second, 1));
        // No time passes until a real one is answered.
        calls_and_is_answered(r, std::to_string(second));
        r.pass(1s);
    }
    for (auto& peer : slow)
        BOOST_REQUIRE(peer.sees_end());
    BOOST_TEST(r.until([&] { return r.service->status().open == 0; }));
}

BOOST_AUTO_TEST_CASE(F37_five_thousand_that_leave_at_once)
{
    listener_rig r;
    calls_and_is_answered(r, "before");
    BOOST_TEST(r.until([&] { return r.service->status().open == 0; }));
    const auto descriptors = open_descriptors();
    for (int i = 0; i < 5000; ++i) {
        auto peer = r.knock();
        // Most by a reset, so that no port of this machine stays taken for a minute.
        if (i % 5 == 0)
            peer.close();
        else
            peer.reset();
        if (i % 100 == 99)
            settle(r.net.io);
    }
    BOOST_TEST(r.until([&] { return r.service->status().accepted >= 5001; }));
    BOOST_TEST(r.until([&] { return r.service->status().open == 0; }));
    BOOST_TEST(open_descriptors() == descriptors);
    BOOST_TEST(r.logged("listener.refused") <= 10U);
    BOOST_TEST(r.logged("listener.accept") == 0U);
    r.pass(1s);
    const auto before = r.logged("listener.refused");
    r.answer_to("nonsense\r\n\r\n");
    BOOST_TEST(r.until([&] { return r.logged("listener.refused") == before + 1; }));
    BOOST_TEST(r.log.back().find("suppressed=" + std::to_string(r.service->status().refused - 1 -
                                                                before)) != std::string::npos);
    calls_and_is_answered(r, "after");
}

BOOST_AUTO_TEST_CASE(F41_a_flood_on_one_connection_slows_no_other)
{
    constexpr int flood = 10'000;
    listener_rig r;
    r.bot->on_event = [&r](scripted_handler& h, std::string what) {
        return slow_for_one(&r.net.time, h, std::move(what));
    };
    auto flooding = r.dial_in().value();
    auto call = r.dial_in().value();
    std::vector<std::string> events{start("flood")};
    for (int i = 0; i < flood; ++i)
        events.push_back(speak_event("flood", std::to_string(i)));
    auto written = r.net.start(write_all(flooding.get(), std::move(events)));

    std::size_t most = 0;
    const auto pass_1ms = [&] {
        r.pass(1ms);
        most = std::max(most, r.service->statistics().queued_events);
    };
    int answered = 0;
    const auto handled = [&] { return r.bot->journal.size() - static_cast<std::size_t>(answered); };
    while (handled() <= flood) {
        r.send(*call, speak_event("call", "hello"));
        auto answer = r.net.start(read_one(call.get()));
        const auto asked = r.net.time.now();
        while (!answer.done() && r.net.time.now() < asked + 50ms)
            pass_1ms();
        BOOST_REQUIRE(answer.done());
        ++answered;
        for (int i = 0; i < 100; ++i)
            pass_1ms();
        BOOST_REQUIRE(answered < 200);
    }
    BOOST_TEST(written.done());
    BOOST_TEST(answered > 50);
    BOOST_TEST(most >= 200U);
    BOOST_TEST(most <= 257U);
    BOOST_TEST(r.bot->ends.empty());
    int next = 0;
    for (const auto& what : r.bot->journal)
        if (what == std::to_string(next))
            ++next;
    BOOST_TEST(next == flood);
}

BOOST_AUTO_TEST_SUITE_END()

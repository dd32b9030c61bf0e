// Misbehaving peers that dial our listener.
#include "fair_peer.hpp"
#include "hostile_cases.hpp"
#include "hostile_peers.hpp"
#include "hostile_stage.hpp"
#include "listener_rig.hpp"
#include "test_certs.hpp"
#include "test_directory.hpp"

#include <algorithm>

using namespace aiflow;
using namespace aiflow::test;
using namespace aiflow::test::hostile;

namespace {

// Certificates of a listener with TLS.
struct credentials {
    credentials()
    {
        const auto own = make_certificate(
            {.common_name = "bot", .alternative_names = "DNS:localhost,IP:127.0.0.1"}, &authority);
        folder.write("bot.pem", own.pem());
        folder.write("bot.key", own.key_pem());
    }

    certificate authority = make_certificate({.common_name = "ca", .is_authority = true}, nullptr);
    pem_file ca{authority};
    test_directory folder;
};

// A listener with one call that goes on all the while.
class besieged_listener {
public:
    explicit besieged_listener(bool tls) : rig_(options(tls)), stage_(rig_.net, [this] { talk(); })
    {
        rig_.bot->on_event = answer;
        witness_.emplace(dial("witness"));
        BOOST_TEST_REQUIRE(witness_->starts());
        expect_a_call("before");  // fills caches
        before_ = footprint::now();
        began_ = rig_.net.time.now();
    }

    void admit(std::size_t crowd)
    {
        for (std::size_t i = 0; i < crowd; ++i) {
            asio::ip::tcp::socket socket(rig_.net.io);
            socket.open(asio::ip::tcp::v4());
            socket.set_option(asio::socket_base::receive_buffer_size(4096));
            socket.connect({asio::ip::address_v4::loopback(), rig_.service->port()});
            stage_.peers.emplace_back(rig_.net, std::move(socket));
            const auto accepted = 3 + i;  // the witness and the call before came first
            BOOST_TEST_REQUIRE(
                rig_.until([&] { return rig_.service->status().accepted == accepted; }));
        }
    }

    void open()
    {
        stage_.peers[0].send(upgrade_to("/ws", "X-API-TOKEN: s3cret\r\n"));
        BOOST_TEST_REQUIRE(stage_.peers[0].receives("\r\n\r\n"));
        stage_.peers[0].forget();
    }

    void play(const peer_script& s) { stage_.play(s); }

    void expect(const verdict& v)
    {
        expect_a_call("meanwhile");
        wait_for_end(v);
        if (v.ends && is_open_)
            BOOST_TEST(said_of_the_end(v), "the log has to tell how it ended");
        BOOST_TEST((v.log.empty() || says(rig_.log, v.log)), "the log has to say " << v.log);
        for (const auto& peer : stage_.peers)
            BOOST_TEST((v.unheard.empty() ||
                        unmasked(peer.received()).find(v.unheard) == std::string::npos));
    }

    void expect_alive();

    bool is_open_ = false;  ///< the peer has a WebSocket

private:
    static listener_options options(bool tls)
    {
        listener_options o;
        o.http_path = "/events";
        if (tls) {
            o.certificate_file = shared().folder.path("bot.pem");
            o.key_file = shared().folder.path("bot.key");
        }
        return o;
    }

    static credentials& shared()
    {
        static credentials c;
        return c;
    }

    fair_peer dial(const std::string& session_id)
    {
        const auto ca = rig_.tls ? shared().ca.path() : std::string();
        return {rig_.net, rig_.dial_in(token, {}, ca).value(), session_id};
    }

    void talk() { BOOST_TEST(witness_->talks(), "another call has to go on undisturbed"); }

    // A call on a connection of its own works at once: no time passes.
    void expect_a_call(const std::string& id)
    {
        const auto open = rig_.service->status().open;
        {
            auto call = dial(id);
            BOOST_TEST(call.starts());
            BOOST_TEST(call.talks());
            BOOST_TEST(call.hangs_up());
            BOOST_TEST(rig_.until([&] { return !rig_.service->find(id); }));
        }
        // Who comes may have driven out the oldest of too many strangers.
        BOOST_TEST(rig_.until([&] { return rig_.service->status().open <= open; }));
    }

    void wait_for_end(const verdict& v);
    bool said_of_the_end(const verdict& v) const;

    listener_rig rig_;
    stage stage_;
    std::optional<fair_peer> witness_;
    footprint before_;
    clock::time_point began_;
};

void besieged_listener::wait_for_end(const verdict& v)
{
    const auto status = [this] { return rig_.service->status(); };
    auto& first = stage_.peers.front();
    if (!v.ends && v.http_status == 0) {
        BOOST_TEST(status().open == 2U, "it has to be left alone");
        BOOST_TEST(!first.ended());
        stage_.peers.clear();
        return;
    }
    const auto due = began_ + v.at;
    if (rig_.net.time.now() < due) {
        stage_.pass_until(due - 1ms);
        BOOST_TEST(status().open > 1U, "it has to have its time");
        stage_.pass_until(due);
    }
    if (v.http_status != 0) {
        BOOST_TEST(first.receives("\r\n\r\n"));
        BOOST_TEST(first.received().substr(0, 13) ==
                   "HTTP/1.1 " + std::to_string(v.http_status) + " ");
    }
    if (v.we_close) {
        rig_.until([&] { return first.ended(); });
        const auto at = first.received().find("\r\n\r\n");
        const auto frames = first.received().starts_with("HTTP/") ? at + 4 : 0;
        BOOST_TEST(close_code_in(std::string_view(first.received()).substr(frames)).value_or(0) ==
                   *v.we_close);
    }
    // Nobody has hung up on this end; who only waits for that does so no longer than it may.
    if (v.http_status != 0 || v.we_close || v.ends == make_error_code(errc::connection_lost))
        stage_.pass(5s);
    BOOST_TEST(rig_.until([&] { return status().open == 1; }), "it has to be let go of");
    stage_.peers.clear();
}

bool besieged_listener::said_of_the_end(const verdict& v) const
{
    auto text = v.ends->message();
    if (v.it_closed != 0)
        text += ", close code " + std::to_string(v.it_closed);
    return std::any_of(rig_.log.begin(), rig_.log.end(), [&](const std::string& line) {
        return line.starts_with("connection.") && line.find(": " + text) != std::string::npos;
    });
}

// Reliability.md section 5: what "alive" means.
void besieged_listener::expect_alive()
{
    BOOST_TEST(rig_.until([&] { return rig_.service->status().open == 1; }));
    stage_.pass(31s);  // what was left of its sessions is given up
    BOOST_TEST(rig_.until([&] { return rig_.service->statistics().open_sessions == 1; }));
    BOOST_TEST(rig_.service->statistics().open_connections == 1U);
    BOOST_TEST(rig_.service->status().strangers == 0U);
    BOOST_TEST(rig_.service->statistics().handler_errors == 0U);
    BOOST_TEST(rig_.bot->gaps.empty(), "nobody else may have lost a connection");
    expect_a_call("after");

    rig_.bot->journal = {};
    const auto now = footprint::now();
    BOOST_TEST(now.descriptors == before_.descriptors);
    BOOST_TEST(now.heap < before_.heap + heap_scatter);
    BOOST_TEST(is_clean(rig_.log));

    BOOST_TEST(witness_->talks());
    BOOST_TEST(witness_->hangs_up());
    BOOST_TEST(rig_.until([&] { return rig_.bot->alive == 0; }));
    BOOST_TEST(rig_.service->statistics().open_sessions == 0U);
    witness_.reset();
    BOOST_TEST(rig_.until([&] { return rig_.service->status().open == 0; }));
    BOOST_TEST(rig_.service->statistics().open_connections == 0U);
}

void knock(const knocking_peer& p)
{
    besieged_listener l(p.tls);
    l.admit(p.crowd);
    l.play(p.does);
    l.expect(p.must);
    l.expect_alive();
}

void misbehave(const open_peer& p)
{
    besieged_listener l(false);
    l.admit(1);
    l.open();
    l.is_open_ = true;
    l.play(p.does);
    l.expect(p.must);
    l.expect_alive();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(hostile_clients)

BOOST_AUTO_TEST_SUITE(handshake)
const auto knocking = register_cases(knocking_peers(), knock);
BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(open)
const auto calling = register_cases(open_peers(role::client), misbehave);
BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(closing)
const auto parting = register_cases(closing_peers(role::client), misbehave);
BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()

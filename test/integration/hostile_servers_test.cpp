// Misbehaving peers that our client has dialled.
#include "aiflow/client.hpp"
#include "fair_peer.hpp"
#include "hostile_cases.hpp"
#include "hostile_peers.hpp"
#include "hostile_stage.hpp"

#include <boost/asio/ssl/error.hpp>

using namespace aiflow;
using namespace aiflow::test;
using namespace aiflow::test::hostile;

namespace {

// A client that looks for its server, which is in the hands of the test.
class lured_client {
public:
    explicit lured_client(bool tls) : stage_(net_, [this] { talk(); }), tls_(tls)
    {
        net_.acceptor.set_option(asio::socket_base::receive_buffer_size(4096));
        bot_->on_event = answer;
        client_options o;
        o.url = (tls ? "wss://127.0.0.1:" : "ws://127.0.0.1:") + std::to_string(net_.port()) + "/";
        o.token = secret(token);
        o.time = &net_.time;
        o.seed = 7;
        o.log = logger([this](const log_record& r) { note(r); }, log_level::debug);
        client_.emplace(net_.io, std::move(o));
        client_->serve(make_handler_factory<scripted_handler>(bot_));
        client_->async_run([this](std::exception_ptr thrown, error_code) {
            if (thrown)
                std::rethrow_exception(thrown);
            finished_ = true;
        });
        before_ = footprint::now();
    }

    ~lured_client()
    {
        good_.reset();
        client_->abort();
        net_.until([this] { return finished_; });
    }

    /// A peer whose WebSocket is `open` before it misbehaves, or whose handshake at least is
    /// `good_enough`.
    void meet(bool open, bool good_enough, const peer_script& does, const verdict& must);
    void expect_alive();

private:
    void note(const log_record& r)
    {
        log_.push_back(std::string(r.id) + ": " + std::string(r.text));
        for (const auto& f : r.fields)
            log_.back() += " " + std::string(f.name) + "=" + f.value;
    }

    void talk()
    {
        if (good_)
            BOOST_TEST(good_->talks());
    }

    bool is(client_state s) const { return client_->status().state == s; }

    void wait_for_end(const verdict& v);
    void check_end(const verdict& v, bool upgraded) const;
    void retry_now();

    loopback net_;
    stage stage_;
    bool tls_;
    std::vector<std::string> log_;
    std::shared_ptr<test::script> bot_ = std::make_shared<test::script>();
    std::optional<client> client_;
    std::optional<fair_peer> good_;
    footprint before_;
    bool finished_ = false;
    unsigned attempts_ = 0;
};

void lured_client::meet(bool open, bool good_enough, const peer_script& does, const verdict& must)
{
    if (attempts_++ > 0)
        retry_now();
    const auto began = net_.time.now();
    auto& peers = stage_.peers;
    peers.clear();
    peers.push_back(raw_peer::accepting(net_));
    if (open) {
        peers[0].accept_upgrade();
        BOOST_TEST_REQUIRE(net_.until([&] { return is(client_state::open); }));
    } else if (tls_) {
        BOOST_TEST_REQUIRE(net_.until([&] { return peers[0].received().size() > 5; }));
    } else {
        BOOST_TEST_REQUIRE(peers[0].receives("\r\n\r\n"));
    }
    stage_.play(does);
    if (must.at > clock::duration{} && net_.time.now() < began + must.at) {
        stage_.pass_until(began + must.at - 1ms);
        BOOST_TEST(!is(client_state::waiting), "it has to have its time");
        stage_.pass_until(began + must.at);
    }
    wait_for_end(must);
    check_end(must, good_enough);
    BOOST_TEST((must.unheard.empty() ||
                unmasked(peers[0].received()).find(must.unheard) == std::string::npos));
    if (tls_)
        BOOST_TEST(peers[0].received().find(token) == std::string::npos);
}

void lured_client::wait_for_end(const verdict& v)
{
    auto& peer = stage_.peers.front();
    if (!v.ends && !v.tls_fails) {
        BOOST_TEST(is(client_state::open), "it has to be left alone");
        BOOST_TEST(!peer.ended());
        peer.close();
    }
    if (v.we_close) {
        net_.until([&] { return peer.ended(); });
        BOOST_TEST(close_code_in(peer.received()).value_or(0) == *v.we_close);
        peer.close();
    }
    BOOST_TEST_REQUIRE(net_.until([&] { return is(client_state::waiting); }));
}

void lured_client::check_end(const verdict& v, bool upgraded) const
{
    const auto status = client_->status();
    if (v.ends && upgraded) {
        BOOST_TEST_REQUIRE(status.last_end.has_value());
        BOOST_TEST(status.last_end->error == *v.ends);
        BOOST_TEST(status.last_end->close_code == v.it_closed);
    } else if (!upgraded) {
        BOOST_TEST_REQUIRE(status.last_failure.has_value());
        if (v.tls_fails)
            BOOST_TEST((status.last_failure->error.category() == asio::error::get_ssl_category()));
        else
            BOOST_TEST(status.last_failure->error == *v.ends);
        BOOST_TEST(status.last_failure->http_status == v.http_status);
    }
    if (attempts_ == 1) {
        const auto delay = status.next_attempt - net_.time.now();
        BOOST_TEST((delay >= v.again.least && delay <= v.again.most),
                   "the next attempt comes in "
                       << std::chrono::duration_cast<std::chrono::milliseconds>(delay).count()
                       << " ms");
    }
    BOOST_TEST((v.log.empty() || says(log_, v.log)), "the log has to say " << v.log);
}

void lured_client::retry_now()
{
    stage_.pass_until(client_->status().next_attempt);
}

// Reliability.md section 5: what "alive" means.
void lured_client::expect_alive()
{
    stage_.peers.clear();
    retry_now();
    BOOST_TEST(!somebody_came_elsewhere(), "a redirect has been followed");
    if (!tls_) {
        auto accepted = net_.run(accept(net_.accept_socket(), net_.time, {}));
        BOOST_TEST_REQUIRE(net_.until([&] { return is(client_state::open); }));
        good_.emplace(net_, std::move(accepted.value()), "good");
        BOOST_TEST(good_->starts());
        stage_.pass(31s);  // what was left of the other sessions is given up
        BOOST_TEST(good_->hangs_up());
        BOOST_TEST(net_.until([&] { return bot_->alive == 0; }));
        BOOST_TEST(client_->statistics().open_sessions == 0U);
        BOOST_TEST(client_->statistics().open_connections == 1U);
        BOOST_TEST(client_->statistics().handler_errors == 0U);
        bot_->journal = {};
        const auto now = footprint::now();
        BOOST_TEST(now.descriptors == before_.descriptors + 2, "one connection, both ends");
        BOOST_TEST(now.heap < before_.heap + heap_scatter);
    }
    BOOST_TEST(is_clean(log_));
}

void answer_badly(const answering_peer& p)
{
    lured_client c(p.tls);
    for (unsigned i = 0; i < p.times; ++i)
        c.meet(false, p.opens, p.does, p.must);
    c.expect_alive();
}

void misbehave_as_server(const open_peer& p)
{
    lured_client c(false);
    c.meet(true, true, p.does, p.must);
    c.expect_alive();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(hostile_servers)

BOOST_AUTO_TEST_SUITE(handshake)
const auto answering = register_cases(answering_peers(), answer_badly);
BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(open)
const auto serving = register_cases(open_peers(role::server), misbehave_as_server);
BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(closing)
const auto leaving = register_cases(closing_peers(role::server), misbehave_as_server);
BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()

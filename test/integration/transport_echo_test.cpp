#include "loopback.hpp"

#include <boost/test/unit_test.hpp>

#include <numeric>
#include <string>
#include <vector>

using namespace aiflow;
using namespace aiflow::test;

namespace {

using strings = std::vector<std::string>;

// Sends back every text, a batch for a batch, until the stream ends.
asio::awaitable<stream_end> echo(message_stream& s)
{
    for (;;) {
        const auto batch = co_await s.read();
        if (!batch)
            co_return s.end();
        std::vector<outgoing_message> answers;
        for (const auto& m : *batch)
            if (m.kind == incoming_message::text)
                answers.push_back({outgoing_message::text, m.data});
        const auto written = co_await s.write(answers);
        if (written.error)
            co_return s.end();
    }
}

asio::awaitable<write_result> write_all(message_stream& s, strings texts)
{
    std::vector<outgoing_message> batch;
    for (const auto& t : texts)
        batch.push_back({outgoing_message::text, t});
    co_return co_await s.write(batch);
}

asio::awaitable<strings> read_texts(message_stream& s, std::size_t count)
{
    strings got;
    while (got.size() < count) {
        const auto batch = co_await s.read();
        if (!batch)
            break;
        for (const auto& m : *batch)
            got.emplace_back(m.data);
    }
    co_return got;
}

void check_echo(loopback& net, message_stream& here, message_stream& there, const strings& texts)
{
    auto echoing = net.start(echo(there));
    auto reading = net.start(read_texts(here, texts.size()));
    auto writing = net.start(write_all(here, texts));
    BOOST_REQUIRE(net.until([&] { return reading.done() && writing.done(); }));
    BOOST_TEST(!writing.get().error);
    BOOST_TEST(writing.get().first_untouched == texts.size());
    BOOST_TEST((reading.get() == texts));
    here.abort();
    BOOST_REQUIRE(net.until([&] { return echoing.done(); }));
    BOOST_TEST(echoing.get().error == make_error_code(errc::connection_lost));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(transport_echo)

BOOST_AUTO_TEST_CASE(from_the_client_and_back)
{
    loopback net;
    auto [client, server] = net.connect();
    check_echo(net, *client, *server, {"one", "", "three"});
}

BOOST_AUTO_TEST_CASE(from_the_server_and_back)
{
    loopback net;
    auto [client, server] = net.connect();
    check_echo(net, *server, *client, {"one", "", "three"});
}

BOOST_AUTO_TEST_CASE(every_size_of_length_field)
{
    loopback net;
    auto [client, server] = net.connect();
    strings texts;
    for (const std::size_t size : {0U, 1U, 125U, 126U, 127U, 1528U, 1536U, 65535U, 65536U, 65537U})
        texts.emplace_back(size, 'x');
    check_echo(net, *client, *server, texts);
}

BOOST_AUTO_TEST_CASE(a_thousand_in_one_batch)
{
    loopback net;
    auto [client, server] = net.connect();
    strings texts;
    for (int i = 0; i < 1000; ++i)
        texts.push_back("message " + std::to_string(i) +
                        std::string(static_cast<std::size_t>(i % 400), '.'));
    check_echo(net, *client, *server, texts);
}

BOOST_AUTO_TEST_CASE(as_large_as_allowed)
{
    loopback net;
    auto [client, server] = net.connect();
    check_echo(net, *client, *server, {std::string(1'048'576, 'x'), "after"});
}

BOOST_AUTO_TEST_CASE(larger_than_all_buffers_both_ways_at_once)
{
    loopback net;
    auto [client, server] = net.connect();
    const strings texts(40, std::string(1'048'576, 'x'));
    auto from_client = net.start(write_all(*client, texts));
    auto from_server = net.start(write_all(*server, texts));
    auto at_client = net.start(read_texts(*client, texts.size()));
    auto at_server = net.start(read_texts(*server, texts.size()));
    BOOST_REQUIRE(net.until([&] {
        return from_client.done() && from_server.done() && at_client.done() && at_server.done();
    }));
    BOOST_TEST((at_client.get() == texts));
    BOOST_TEST((at_server.get() == texts));
}

BOOST_AUTO_TEST_CASE(text_in_every_script_stays_as_it_is)
{
    loopback net;
    auto [client, server] = net.connect();
    check_echo(net, *client, *server, {"gr\xc3\xbc\xc3\x9f", "\xe2\x82\xac", "\xf0\x9f\x98\x80"});
}

BOOST_AUTO_TEST_CASE(activity_counts_what_moves)
{
    loopback net;
    auto [client, server] = net.connect();
    const auto before = server->activity();
    net.time.advance(std::chrono::seconds(7));
    auto reading = net.start(read_texts(*server, 1));
    auto writing = net.start(write_all(*client, {"twelve bytes"}));
    BOOST_REQUIRE(net.until([&] { return reading.done() && writing.done(); }));
    const auto after = server->activity();
    BOOST_TEST(after.bytes_in - before.bytes_in == 18U);  // two of header, four of mask
    BOOST_TEST((after.last_in - before.last_in == std::chrono::seconds(7)));
    BOOST_TEST(after.bytes_out == before.bytes_out);
    BOOST_TEST(client->activity().bytes_out == after.bytes_in);
}

BOOST_AUTO_TEST_SUITE_END()

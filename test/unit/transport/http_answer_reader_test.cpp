#include "transport/http_answer_reader.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace aiflow;
using answer_progress = http_answer_reader::progress;

namespace {

struct reading {
    answer_progress state;
    received_answer answer;
    bool begun;
};

// In pieces of `piece` bytes; then the connection ends, if the answer is not whole.
reading read(std::string_view bytes, std::size_t piece, http_answer_limits limits = {})
{
    http_answer_reader reader(limits);
    auto state = answer_progress::more;
    while (state == answer_progress::more && !bytes.empty()) {
        state = reader.feed(bytes.substr(0, piece));
        bytes.remove_prefix(std::min(piece, bytes.size()));
    }
    if (state == answer_progress::more)
        state = reader.end();
    return {state, reader.answer(), reader.begun()};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(http_answer_reader_suite)

BOOST_AUTO_TEST_CASE(answers_in_any_pieces)
{
    struct {
        const char* bytes;
        answer_progress state;
        unsigned status;
        const char* body;
        bool keep_alive;
    } const rows[] = {
        {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", answer_progress::complete, 200, "{}",
         true},
        {"HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n", answer_progress::complete, 200, "", true},
        {"HTTP/1.1 204 No Content\r\n\r\n", answer_progress::complete, 204, "", true},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1;x=y\r\n}\r\n0\r\nT: "
         "1\r\n"
         "\r\n",
         answer_progress::complete, 200, "{}", true},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
         answer_progress::complete, 200, "", true},
        {"HTTP/1.1 200 OK\r\n\r\nuntil the end", answer_progress::complete, 200, "until the end",
         false},
        {"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}",
         answer_progress::complete, 200, "{}", false},
        {"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n{}", answer_progress::complete, 200, "{}",
         false},
        {"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\n{}",
         answer_progress::complete, 200, "{}", true},
        {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: x\r\n\r\nHTTP/1.1 201 OK\r\n"
         "Content-Length: 1\r\n\r\n1",
         answer_progress::complete, 201, "1", true},
        {"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n",
         answer_progress::complete, 302, "", true},
        {"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", answer_progress::not_http, 0, "",
         false},
        {"SSH-2.0-OpenSSH_9.2\r\n", answer_progress::not_http, 0, "", false},
        {"HTTP/1.1 200 OK\r\nContent-Length: abc\r\n\r\n", answer_progress::not_http, 0, "", false},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", answer_progress::not_http,
         0, "", false},
        {"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n{}", answer_progress::cut_short, 0, "",
         false},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n",
         answer_progress::cut_short, 0, "", false},
        {"HTTP/1.1 200 OK\r\nConten", answer_progress::cut_short, 0, "", false},
        {"HTTP/1.1 100 Continue\r\n\r\n", answer_progress::cut_short, 0, "", false},
        {"", answer_progress::cut_short, 0, "", false},
    };
    for (const auto& r : rows) {
        for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, std::size_t{10'000}}) {
            const auto got = read(r.bytes, piece);
            BOOST_TEST((got.state == r.state), r.bytes << " in " << piece);
            BOOST_TEST(got.answer.status == r.status, r.bytes);
            BOOST_TEST(got.answer.body == r.body, r.bytes);
            BOOST_TEST(got.answer.keep_alive == r.keep_alive, r.bytes << " in " << piece);
            BOOST_TEST(got.begun == (*r.bytes != '\0'));
        }
    }
}

BOOST_AUTO_TEST_CASE(what_comes_behind_an_answer_ends_the_connection)
{
    const auto got = read("HTTP/1.1 204 No\r\n\r\nHTTP/1.1 200 OK\r\n", 1000);
    BOOST_TEST((got.state == answer_progress::complete));
    BOOST_TEST(got.answer.status == 204U);
    BOOST_TEST(!got.answer.keep_alive);
}

BOOST_AUTO_TEST_CASE(answers_larger_than_allowed)
{
    http_answer_limits limits;
    limits.header_bytes = 300;
    limits.body_bytes = 10;
    const std::string ten = "0123456789";
    const std::string many(400, 'x');
    // In pieces and in one piece.
    const auto state = [&](const std::string& bytes) {
        const auto in_pieces = read(bytes, 50, limits).state;
        BOOST_TEST((read(bytes, bytes.size(), limits).state == in_pieces), bytes);
        return in_pieces;
    };
    BOOST_TEST((state("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n" + ten) ==
                answer_progress::complete));
    BOOST_TEST(
        (state("HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n") == answer_progress::too_large));
    BOOST_TEST((state("HTTP/1.1 200 OK\r\n\r\n" + ten + "!") == answer_progress::too_large));
    BOOST_TEST((state("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n" + ten +
                      "!\r\n0\r\n\r\n") == answer_progress::too_large));
    BOOST_TEST((state("HTTP/1.1 200 OK\r\nX: " + many + "\r\n\r\n") == answer_progress::too_large));
    const std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    BOOST_TEST((state(chunked + "1;" + many) == answer_progress::too_large));
    BOOST_TEST((state(chunked + "0\r\nA: " + many) == answer_progress::too_large));
    BOOST_TEST((state("HTTP/1.1 200 " + many) == answer_progress::too_large));
}

BOOST_AUTO_TEST_SUITE_END()

// The outbox on disk, used from several threads; made for the thread sanitizer.
#include "aiflow/sqlite_outbox.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <stdlib.h>

#include <atomic>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

using namespace aiflow;

namespace {

struct directory {
    directory() : path((std::filesystem::temp_directory_path() / "aiflow-stress-XXXXXX").string())
    {
        BOOST_REQUIRE(mkdtemp(path.data()) != nullptr);
    }
    directory(const directory&) = delete;
    directory& operator=(const directory&) = delete;
    ~directory()
    {
        std::error_code ignored;
        std::filesystem::remove_all(path, ignored);
    }

    std::string path;
};

asio::awaitable<void> live(sqlite_outbox* store, std::uint64_t first, std::atomic<int>* done)
{
    for (std::uint64_t id = first; id < first + 100; ++id) {
        sms_record r;
        r.id = {id};
        r.recipient = "4915112345678";
        r.text = "text";
        r.accepted_at = real_clock().wall_now();
        if (co_await store->put(r, outbox::durability::before_completion))
            co_return;
        r.state = sms_state::assumed_sent;
        r.outcome.state = r.state;
        r.settled_at = r.accepted_at;
        if (co_await store->put(r, outbox::durability::soon))
            co_return;
        const auto found = co_await store->find(r.id);
        if (found && *found && (*found)->state == sms_state::assumed_sent)
            ++*done;
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(outbox_stress)

BOOST_AUTO_TEST_CASE(several_threads_share_one)
{
    const directory place;
    std::atomic<int> done{0};
    {
        sqlite_outbox_options o;
        o.directory = place.path + "/outbox";
        sqlite_outbox store(o);
        std::vector<std::thread> users;
        for (std::uint64_t t = 0; t < 4; ++t)
            users.emplace_back([&store, &done, t] {
                asio::io_context io(1);
                for (std::uint64_t lane = 0; lane < 4; ++lane)
                    asio::co_spawn(io, live(&store, 1 + t * 10'000 + lane * 1'000, &done),
                                   [](std::exception_ptr e) {
                                       if (e)
                                           std::rethrow_exception(e);
                                   });
                io.run();
            });
        for (auto& u : users)
            u.join();
    }
    BOOST_TEST(done == 1600);
}

BOOST_AUTO_TEST_SUITE_END()

// An outbox whose files were damaged: whatever is found is taken up, or refused with an error of
// storage; what is said to be stored from then on is there after the next start.
//
// Input: the damage (`damaged_outbox`), then what is put, one byte each.
#include "aiflow/log.hpp"
#include "aiflow/sqlite_outbox.hpp"
#include "damaged_outbox.hpp"
#include "sms/sms_tracker.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <map>
#include <optional>

using namespace aiflow;
using aiflow::test::damaged_outbox;
using aiflow::test::fuzz_input;
using aiflow::test::record_of;
using aiflow::test::require;

namespace {

using namespace std::chrono_literals;

// Stands still, so that a run is like every other one.
class still_clock final : public aiflow::clock {
public:
    time_point now() const noexcept override { return time_point(1h); }
    wall_time wall_now() const noexcept override { return wall_time(500'000h); }
    asio::awaitable<error_code> sleep_until(time_point) override { co_return error_code(); }
};

using stored = std::map<std::uint64_t, sms_state>;

bool is_storage_error(const error_code& ec)
{
    return ec == errc::storage_failed || ec == errc::storage_full || ec == errc::storage_locked ||
           ec == errc::storage_newer || ec == errc::outbox_full;
}

struct life {
    std::unique_ptr<sqlite_outbox> outbox;
    bool set_aside = false;  ///< and said so
    still_clock time;

    void open(const std::string& directory)
    {
        sqlite_outbox_options o;
        o.directory = directory;
        o.time = &time;
        o.keep = 1h;
        o.log = logger([this](const log_record& r) { set_aside |= r.id == "outbox.damaged"; },
                       log_level::error);
        try {
            outbox = std::make_unique<sqlite_outbox>(std::move(o));
        } catch (const failure& e) {
            require(is_storage_error(e.code()), "what cannot be opened says so", e.what());
        }
    }
};

// What a start does with what it found: every field may be wrong.
void take_up(std::vector<sms_record> records)
{
    const sms_moment at{still_clock::time_point(1h), still_clock::wall_time(500'000h)};
    sms_tracker tracker({}, 7);
    std::size_t open = 0;
    for (const auto& r : records)
        open += is_final(r.state) ? 0U : 1U;
    tracker.restore(at, std::move(records));
    require(tracker.statistics().restored == open, "everything open is taken up");
    tracker.tick({at.now + 24h, at.wall + 24h});
    for (int turns = 0; tracker.next_deadline() && turns < 100; ++turns)
        tracker.tick({std::max(at.now + 24h, *tracker.next_deadline()), at.wall + 24h});
    require(tracker.statistics().open == 0, "everything that was taken up ends");
}

asio::awaitable<void> use(sqlite_outbox* outbox, fuzz_input in, stored* sure)
{
    auto found = co_await outbox->load(2h);
    std::vector<sms_record> open;
    if (found) {
        for (const auto& r : *found)
            if (!is_final(r.state))
                open.push_back(r);
        take_up(std::move(*found));
    } else {
        require(is_storage_error(found.error()), "what cannot be read says so");
    }
    for (std::uint64_t next = 100; !in.empty(); ++next) {
        const auto what = in.byte();
        auto r = record_of(next, (what & 1U) != 0 ? sms_state::accepted : sms_state::failed);
        if ((what & 2U) != 0 && !open.empty()) {
            const auto id = open[what / 4 % open.size()].id;
            r = record_of(id.value,
                          (what & 1U) != 0 ? sms_state::waiting_retry : sms_state::failed);
        }
        const auto id = r.id;
        const auto state = r.state;
        const auto ec = co_await outbox->put(std::move(r), outbox::durability::before_completion);
        if (!ec)
            (*sure)[id.value] = state;
        else
            require(is_storage_error(ec), "what cannot be stored says so", ec.message());
    }
    const auto count = co_await outbox->count();
    require(count || is_storage_error(count.error()), "a query is answered");
    const auto listed = co_await outbox->list(std::nullopt, 5);
    require(listed ? listed->size() <= 5 : is_storage_error(listed.error()), "a query is answered");
}

asio::awaitable<void> look(sqlite_outbox* outbox, const stored* sure)
{
    for (const auto& [id, state] : *sure) {
        const auto found = co_await outbox->find({id});
        if (!found)
            require(is_storage_error(found.error()), "what cannot be read says so");
        else
            require(found->has_value() && (*found)->state == state && (*found)->id == sms_id{id},
                    "P1: what was stored is there", std::to_string(id));
    }
}

void run(asio::awaitable<void> work)
{
    asio::io_context io;
    asio::co_spawn(io, std::move(work), [](const std::exception_ptr& e) {
        if (e)
            std::rethrow_exception(e);
    });
    io.run();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static damaged_outbox files;
    fuzz_input in(data, size);
    files.damage(in);
    stored sure;
    {
        life first;
        first.open(files.directory());
        if (!first.outbox)
            return 0;
        run(use(first.outbox.get(), in, &sure));
    }
    life second;
    second.open(files.directory());
    if (second.outbox && !second.set_aside)
        run(look(second.outbox.get(), &sure));
    return 0;
}

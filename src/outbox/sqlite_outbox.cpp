#include "aiflow/sqlite_outbox.hpp"

#include "outbox/commit_thread.hpp"
#include "outbox/outbox_files.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace aiflow {

namespace {

constexpr std::chrono::hours housekeeping{1};

// A result that another thread brings. The waiting coroutine may be destroyed before, with the
// whole of its execution context; so what the thread holds knows nothing of either any more then.
template <class T>
class ticket {
public:
    struct link {
        std::mutex mutex;
        ticket* waiting;
    };

    explicit ticket(const asio::any_io_executor& executor)
        : done_(executor, asio::steady_timer::time_point::max()), link_(std::make_shared<link>())
    {
        link_->waiting = this;
    }
    ticket(const ticket&) = delete;
    ticket& operator=(const ticket&) = delete;
    ~ticket()
    {
        const std::lock_guard lock(link_->mutex);
        link_->waiting = nullptr;
    }

    // For the other thread.
    std::shared_ptr<link> to_be_brought() const { return link_; }

    // From the other thread.
    static void bring(const std::shared_ptr<link>& to, T value)
    {
        const std::lock_guard lock(to->mutex);
        if (to->waiting == nullptr)
            return;
        asio::post(to->waiting->done_.get_executor(), [to, v = std::move(value)]() mutable {
            if (auto* const t = to->waiting) {
                t->result_ = std::move(v);
                t->done_.cancel();
            }
        });
    }

    asio::awaitable<T> wait()
    {
        while (!result_)
            co_await done_.async_wait(asio::as_tuple(asio::deferred));
        co_return std::move(*result_);
    }

private:
    asio::steady_timer done_;
    std::optional<T> result_;
    std::shared_ptr<link> link_;
};

template <class T>
using answer = boost::system::result<T>;

}  // namespace

class sqlite_outbox::impl {
public:
    explicit impl(sqlite_outbox_options o)
        : options(std::move(o)), time(options.time ? *options.time : real_clock()),
          files_(options.directory), db_(files_.open(options.max_bytes, options.log)),
          table_(make_table(*db_, options.max_open)),
          thread_(std::make_unique<commit_thread>(*table_, options.log, options.max_waiting))
    {
    }

    void forget_old()
    {
        const auto now = time.wall_now();
        const auto ticks = now.time_since_epoch().count();
        auto last = last_forgotten_.load();
        const clock::wall_time::duration since_last(ticks - last);
        if (since_last < housekeeping && ticks >= last)
            return;
        if (!last_forgotten_.compare_exchange_strong(last, ticks))
            return;  // another thread does it
        commit_thread::change_type c;
        c.urgent = false;
        c.apply = [since = now - options.keep](sms_table& t) {
            t.forget(since);
            return error_code();
        };
        c.done = [this](error_code ec) {
            if (ec)
                last_forgotten_ = 0;  // with the next one, then
        };
        if (!thread_->change(std::move(c)))
            last_forgotten_ = 0;
    }

    template <class T, class F>
    static asio::awaitable<answer<T>> ask(impl* self, F f)
    {
        const auto executor = co_await asio::this_coro::executor;
        ticket<answer<T>> t(executor);
        self->thread_->query([to = t.to_be_brought(), f = std::move(f)](sms_table& table) {
            try {
                ticket<answer<T>>::bring(to, f(table));
            } catch (const database_error& e) {
                ticket<answer<T>>::bring(to, storage_error(e.code));
            }
        });
        co_return co_await t.wait();
    }

    commit_thread& thread() noexcept { return *thread_; }

    sqlite_outbox_options options;
    clock& time;

private:
    static std::unique_ptr<sms_table> make_table(database& db, std::size_t max_open)
    {
        try {
            auto made = std::make_unique<sms_table>(db, max_open);
            // Not when it is there already: a start that changes nothing writes nothing.
            if (db.number("PRAGMA user_version") != sms_table::schema_version)
                db.run(
                    ("PRAGMA user_version = " + std::to_string(sms_table::schema_version)).c_str());
            return made;
        } catch (const database_error& e) {
            throw failure({storage_error(e.code), "outbox.directory", e.text});
        }
    }

    outbox_files files_;
    std::unique_ptr<database> db_;
    std::unique_ptr<sms_table> table_;
    std::atomic<clock::wall_time::duration::rep> last_forgotten_ = 0;
    std::unique_ptr<commit_thread> thread_;
};

sqlite_outbox::sqlite_outbox(sqlite_outbox_options options)
    : impl_(std::make_unique<impl>(std::move(options)))
{
}

sqlite_outbox::~sqlite_outbox() = default;

asio::awaitable<error_code> sqlite_outbox::put(sms_record record, durability when)
{
    if (broken())
        co_return make_error_code(errc::storage_failed);
    impl_->forget_old();
    const auto executor = co_await asio::this_coro::executor;
    ticket<error_code> t(executor);
    const bool waits = when == durability::before_completion;
    commit_thread::change_type c;
    c.urgent = waits;
    c.apply = [r = std::move(record)](sms_table& table) { return table.put(r); };
    if (waits)
        c.done = [to = t.to_be_brought()](error_code ec) { ticket<error_code>::bring(to, ec); };
    else
        c.done = [log = impl_->options.log](error_code ec) {
            if (ec)
                log.write(log_level::error, "outbox.late",
                          "the end of an SMS was not stored; after a restart it may be reported "
                          "again",
                          {{"error", ec.message()}});
        };
    if (!impl_->thread().change(std::move(c)))
        co_return make_error_code(errc::outbox_full);
    if (!waits)
        co_return error_code();
    co_return co_await t.wait();
}

asio::awaitable<answer<std::vector<sms_record>>> sqlite_outbox::load(std::chrono::seconds keep)
{
    const auto since = impl_->time.wall_now() - keep;
    return impl::ask<std::vector<sms_record>>(impl_.get(),
                                              [since](sms_table& t) { return t.load(since); });
}

asio::awaitable<answer<std::optional<sms_record>>> sqlite_outbox::find(sms_id id)
{
    return impl::ask<std::optional<sms_record>>(impl_.get(),
                                                [id](sms_table& t) { return t.find(id); });
}

asio::awaitable<answer<std::vector<sms_record>>> sqlite_outbox::list(std::optional<sms_state> state,
                                                                     std::size_t limit)
{
    return impl::ask<std::vector<sms_record>>(
        impl_.get(), [state, limit](sms_table& t) { return t.list(state, limit); });
}

asio::awaitable<answer<std::map<sms_state, std::size_t>>> sqlite_outbox::count()
{
    return impl::ask<std::map<sms_state, std::size_t>>(impl_.get(),
                                                       [](sms_table& t) { return t.count(); });
}

bool sqlite_outbox::broken() const noexcept
{
    return impl_->thread().broken();
}

}  // namespace aiflow

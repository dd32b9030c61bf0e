#include "session/write_turn.hpp"

#include <boost/asio/execution/context_as.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/query.hpp>

#include <mutex>

namespace aiflow {

namespace {

// The turns of one execution context: one for each of its executors that are different, such as
// strands.
class turns final : public asio::execution_context::service {
public:
    using key_type = turns;
    inline static asio::execution_context::id id;

    explicit turns(asio::execution_context& context) : service(context) {}

    std::shared_ptr<write_turn> of(const asio::any_io_executor& executor)
    {
        const std::lock_guard guard(mutex_);
        std::erase_if(all_, [](const auto& known) { return known.expired(); });
        for (const auto& known : all_)
            if (auto turn = known.lock(); turn && turn->get_executor() == executor)
                return turn;
        auto made = std::make_shared<write_turn>(executor);
        all_.emplace_back(made);
        return made;
    }

private:
    void shutdown() noexcept override {}

    std::mutex mutex_;
    std::vector<std::weak_ptr<write_turn>> all_;
};

}  // namespace

std::shared_ptr<write_turn> write_turn::of(const asio::any_io_executor& executor)
{
    auto& context = asio::query(executor, asio::execution::context_as<asio::execution_context&>);
    return asio::use_service<turns>(context).of(executor);
}

// A turn that waits for its time. It owns the coroutines that wait for it, so that they go with
// the execution context if that goes first.
class write_turn::job {
public:
    job(std::shared_ptr<write_turn> home, std::unique_ptr<round> work)
        : home_(std::move(home)), work_(std::move(work))
    {
    }
    job(job&&) noexcept = default;
    job& operator=(job&&) = delete;
    job(const job&) = delete;
    job& operator=(const job&) = delete;
    ~job()
    {
        if (work_ && home_->next_ == work_.get())
            home_->next_ = nullptr;
    }

    void operator()()
    {
        // What they do may have others queue something, which is for the next turn.
        if (home_->next_ == work_.get())
            home_->next_ = nullptr;
        try {
            work_->go_on();
        } catch (...) {
            // Memory is short, or an application's exception leaves through here; the others have
            // their turn all the same.
            asio::post(home_->executor_, job(home_, std::move(work_)));
            throw;
        }
        home_->spare_ = std::move(work_);
    }

private:
    std::shared_ptr<write_turn> home_;
    std::unique_ptr<round> work_;
};

void write_turn::round::go_on()
{
    while (wrote < writers.size())
        writers[wrote++]->write_queued();
    while (resumed < readers.size())
        std::move(readers[resumed++])();
    writers.clear();
    readers.clear();
    wrote = resumed = 0;
}

// Whatever it is put in before the round is posted: an execution context that is being destroyed
// may destroy the round at once.
template <class Put>
void write_turn::add(Put put)
{
    if (next_ != nullptr)
        return put(*next_);
    auto work = spare_ ? std::move(spare_) : std::make_unique<round>();
    put(*work);
    next_ = work.get();
    asio::post(executor_, job(shared_from_this(), std::move(work)));
}

void write_turn::write_later(std::shared_ptr<writer> w)
{
    add([&w](round& next) { next.writers.push_back(std::move(w)); });
}

void write_turn::resume_later(resumption r)
{
    add([&r](round& next) { next.readers.push_back(std::move(r)); });
}

}  // namespace aiflow

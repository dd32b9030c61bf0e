#pragma once

#include "aiflow/sms.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <map>
#include <optional>

namespace aiflow {

/// A coroutine that waits for something about a message, if it has not come already. Lives in the
/// coroutine's frame; `list` must outlive it.
template <class Result>
class sms_waiter {
public:
    using list = std::multimap<sms_id, sms_waiter*>;

    sms_waiter(list& all, sms_id id) : all_(all), place_(all.emplace(id, this)) {}
    sms_waiter(const sms_waiter&) = delete;
    sms_waiter& operator=(const sms_waiter&) = delete;
    ~sms_waiter()
    {
        if (listed_)
            all_.erase(place_);
    }

    /// Until there is a `result`, or there will be none. Cancellation: ends it.
    boost::asio::awaitable<void> wait(const boost::asio::any_io_executor& executor)
    {
        using namespace boost::asio;
        timer_.emplace(executor, steady_timer::time_point::max());
        co_await timer_->async_wait(as_tuple(use_awaitable));
    }

    /// Ends the wait of all that wait for this message.
    static void wake(list& all, sms_id id, const Result& result)
    {
        for (auto w = all.find(id); w != all.end(); w = all.find(id)) {
            w->second->result = result;
            w->second->leave();
        }
    }

    /// Ends every wait without a result.
    static void wake_all(list& all)
    {
        while (!all.empty())
            all.begin()->second->leave();
    }

    std::optional<Result> result;

private:
    void leave()
    {
        listed_ = false;
        all_.erase(place_);
        if (timer_)
            timer_->cancel();
    }

    std::optional<boost::asio::steady_timer> timer_;
    list& all_;
    typename list::iterator place_;
    bool listed_ = true;
};

}  // namespace aiflow

#include "sms/sms_outbox_writer.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <exception>
#include <utility>

namespace aiflow {

sms_outbox_writer::sms_outbox_writer(asio::any_io_executor executor, outbox& store, done on_done)
    : executor_(std::move(executor)), outbox_(store), done_(std::move(on_done)),
      drained_(executor_, asio::steady_timer::time_point::max())
{
}

void sms_outbox_writer::write(const sms_record& record, outbox::durability when, unsigned step)
{
    const auto id = record.id;
    auto& l = lanes_[id.value % lanes_.size()];
    if (!l.busy)
        if (const auto ec = put_at_once(record, when))
            return tell(id, step, *ec);
    l.waiting.push_back({record, when, step});
    strip_if_final(l.waiting.back().record);
    if (std::exchange(l.busy, true))
        return;
    ++busy_lanes_;
    asio::co_spawn(executor_, drain(shared_from_this(), l), asio::detached);
}

void sms_outbox_writer::tell(sms_id id, unsigned step, error_code ec) const
{
    if (done_)
        done_(id, step, ec);
}

std::optional<error_code> sms_outbox_writer::put_at_once(const sms_record& record,
                                                         outbox::durability when)
{
    try {
        return outbox_.put_at_once(record, when);
    } catch (...) {
        return make_error_code(errc::storage_failed);
    }
}

asio::awaitable<void> sms_outbox_writer::drain(std::shared_ptr<sms_outbox_writer> self, lane& l)
{
    while (!l.waiting.empty()) {
        auto job = std::move(l.waiting.front());
        l.waiting.pop_front();
        const auto id = job.record.id;
        const auto ec = co_await put(self->outbox_, std::move(job.record), job.when);
        try {
            self->tell(id, job.step, ec);
        } catch (...) {
            // The rest of the lane has to be written all the same.
        }
    }
    l.busy = false;
    if (--self->busy_lanes_ == 0)
        self->drained_.cancel();
}

asio::awaitable<error_code> sms_outbox_writer::put(outbox& store, sms_record record,
                                                   outbox::durability when)
{
    try {
        co_return co_await store.put(std::move(record), when);
    } catch (...) {
        co_return make_error_code(errc::storage_failed);
    }
}

}  // namespace aiflow

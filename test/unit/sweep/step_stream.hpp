#pragma once

#include "fault.hpp"
#include "simulator/stream_pair.hpp"
#include "sweep_log.hpp"

#include <memory>
#include <vector>

namespace aiflow::test {

/// The library's end of a connection in memory: counts the steps, has the play's fault at one of
/// them, and notes what the library reads and writes.
///
/// Lifetime: `time`, `point` and `log` must outlive it.
class step_stream final : public message_stream {
public:
    /// `pair.near` becomes this stream's.
    step_stream(simulator::stream_pair& pair, std::size_t number, clock& time, fault_point& point,
                sweep_log& log);
    step_stream(const step_stream&) = delete;
    step_stream& operator=(const step_stream&) = delete;
    ~step_stream() override { leave(); }

    /// Gives out one message at a time, as requests come: the next one when it is read.
    void give_singly() { singly_ = true; }

    asio::any_io_executor get_executor() override { return inner_->get_executor(); }
    asio::awaitable<boost::system::result<std::span<const incoming_message>>> read() override;
    std::optional<write_result> begin_write(std::span<const outgoing_message> batch) override;
    asio::awaitable<write_result> finish_write() override;
    void interrupt() override { inner_->interrupt(); }
    asio::awaitable<void> close(std::uint16_t code, std::string_view reason,
                                clock::time_point deadline) override;
    void abort() noexcept override;
    stream_end end() const override { return inner_->end(); }
    stream_activity activity() const noexcept override { return inner_->activity(); }
    std::uint64_t bytes_under_way() const noexcept override { return inner_->bytes_under_way(); }

private:
    void fail_read(const fault& f);
    void fail_write(const fault& f, std::size_t messages);
    void keep(std::span<const incoming_message> batch);
    std::span<const incoming_message> give();
    void note_unwritten(const write_result& result);
    void leave();

    std::unique_ptr<message_stream> inner_;
    simulator::stream_control near_;
    simulator::stream_control far_;
    std::size_t number_;
    clock& time_;
    fault_point& point_;
    sweep_log& log_;
    std::vector<incoming_message> kept_;
    std::size_t given_ = 0;
    std::span<const outgoing_message> batch_;
    bool singly_ = false;
    bool left_ = false;
};

}  // namespace aiflow::test

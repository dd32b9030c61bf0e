#include "daemon/log_output.hpp"

#include "daemon/journal_entry.hpp"
#include "daemon/log_text.hpp"
#include "daemon/log_writer.hpp"

#include <spdlog/async_logger.h>
#include <spdlog/details/null_mutex.h>
#include <spdlog/details/thread_pool.h>
#include <spdlog/sinks/base_sink.h>

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <ctime>
#include <string_view>
#include <utility>

namespace aiflow {
namespace {

using std::chrono::system_clock;

// Both numbers are decimal (systemd.exec(5)).
bool is_journal(int descriptor, std::string_view journal_stream)
{
    struct stat s {};
    return !journal_stream.empty() && ::fstat(descriptor, &s) == 0 &&
           journal_stream == std::to_string(s.st_dev) + ":" + std::to_string(s.st_ino);
}

std::chrono::local_time<std::chrono::milliseconds> local_time_of(system_clock::time_point when)
{
    const auto utc = system_clock::to_time_t(when);
    std::tm local{};
    ::localtime_r(&utc, &local);
    const auto since = when.time_since_epoch() + std::chrono::seconds(local.tm_gmtoff);
    return std::chrono::local_time<std::chrono::milliseconds>(
        std::chrono::floor<std::chrono::milliseconds>(since));
}

constexpr spdlog::level::level_enum level_there(log_level l)
{
    switch (l) {
    case log_level::error:
        return spdlog::level::err;
    case log_level::warning:
        return spdlog::level::warn;
    case log_level::info:
        return spdlog::level::info;
    case log_level::debug:
        break;
    }
    return spdlog::level::debug;
}

constexpr log_level level_here(spdlog::level::level_enum l)
{
    switch (l) {
    case spdlog::level::err:
        return log_level::error;
    case spdlog::level::warn:
        return log_level::warning;
    case spdlog::level::info:
        return log_level::info;
    default:
        return log_level::debug;
    }
}

// What a line looks like. A line is made where it is logged, since a record is gone after that.
class line_format {
public:
    explicit line_format(const log_output_options& o)
        : format_(o.format), on_terminal_(::isatty(o.descriptor) == 1)
    {
        if (format_ == log_format::automatic)
            format_ =
                is_journal(o.descriptor, o.journal_stream) ? log_format::journal : log_format::text;
    }

    log_format format() const noexcept { return format_; }

    std::string operator()(const log_record& r) const
    {
        const auto now = system_clock::now();
        if (format_ == log_format::journal)
            return journal_entry(r);
        if (format_ == log_format::json)
            return json_line(r, now);
        if (on_terminal_)
            return terminal_line(r, local_time_of(now));
        return prefixed_line(r.level, message_text(r));
    }

private:
    log_format format_;
    bool on_terminal_;
};

// Runs in the thread of the queue alone.
class line_sink final : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
public:
    line_sink(const line_format& format, const log_output_options& o)
        : format_(format),
          writer_(o.descriptor,
                  format.format() == log_format::journal ? o.journal_socket : std::string())
    {
    }

    void use(spdlog::details::thread_pool& pool) noexcept { pool_ = &pool; }
    void hurry() noexcept { writer_.hurry(); }
    std::uint64_t lost() const
    {
        return unwritten_ + (pool_ ? pool_->overrun_counter() : overrun_at_end_);
    }

    // Once the queue has ended.
    void finish(std::uint64_t overrun)
    {
        pool_ = nullptr;
        overrun_at_end_ = overrun;
        next_report_ = {};
        report_lost();
    }

private:
    void sink_it_(const spdlog::details::log_msg& m) override
    {
        report_lost();
        put(level_here(m.level), {m.payload.data(), m.payload.size()});
    }

    void flush_() override {}

    void put(log_level l, std::string_view bytes)
    {
        bool done = false;
        if (format_.format() != log_format::journal)
            done = writer_.write_line(bytes);
        else
            done = writer_.send_entry(bytes) ||
                   writer_.write_line(prefixed_line(l, text_of_journal_entry(bytes)));
        if (!done)
            ++unwritten_;
    }

    void report_lost()
    {
        const auto now = std::chrono::steady_clock::now();
        const auto total = lost();
        if (total == reported_ || now < next_report_)
            return;
        const std::array fields{log_field{"lines", std::to_string(total - reported_)}};
        reported_ = total;
        next_report_ = now + std::chrono::seconds(1);
        const log_record gap{log_level::warning, "log.lost", "lines of the log were lost here",
                             fields};
        put(gap.level, format_(gap));
    }

    line_format format_;
    log_writer writer_;
    spdlog::details::thread_pool* pool_ = nullptr;
    std::uint64_t overrun_at_end_ = 0;
    std::atomic<std::uint64_t> unwritten_ = 0;
    std::uint64_t reported_ = 0;
    std::chrono::steady_clock::time_point next_report_{};
};

}  // namespace

class log_output::queue {
public:
    explicit queue(const log_output_options& o)
        : format_(o), sink_(std::make_shared<line_sink>(format_, o)),
          pool_(std::make_shared<spdlog::details::thread_pool>(o.queue, 1)),
          lines_(std::make_shared<spdlog::async_logger>(
              "aiflowd", sink_, pool_, spdlog::async_overflow_policy::overrun_oldest))
    {
        sink_->use(*pool_);
        lines_->set_level(spdlog::level::trace);  // what is logged has passed its threshold
    }

    queue(const queue&) = delete;
    queue& operator=(const queue&) = delete;

    ~queue()
    {
        sink_->hurry();
        const auto overrun = pool_->overrun_counter();
        pool_.reset();  // writes what waits
        sink_->finish(overrun);
    }

    const line_format& format() const noexcept { return format_; }
    void write(const log_record& r) { lines_->log(level_there(r.level), format_(r)); }
    std::uint64_t lost() const { return sink_->lost(); }

private:
    line_format format_;
    std::shared_ptr<line_sink> sink_;
    std::shared_ptr<spdlog::details::thread_pool> pool_;
    std::shared_ptr<spdlog::async_logger> lines_;
};

log_output::log_output(log_output_options options) : queue_(std::make_unique<queue>(options)) {}

log_output::~log_output() = default;

logger log_output::make_logger(log_level threshold) const
{
    return logger([q = queue_.get()](const log_record& r) { q->write(r); }, threshold);
}

log_format log_output::format() const noexcept
{
    return queue_->format().format();
}

std::uint64_t log_output::lost() const
{
    return queue_->lost();
}

}  // namespace aiflow

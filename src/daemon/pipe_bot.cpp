#include "daemon/pipe_bot.hpp"

#include "aiflow/codec.hpp"

#include <algorithm>
#include <utility>

namespace aiflow {

namespace {

pipe_settings settings_of(const daemon_config& config)
{
    pipe_settings s;
    s.command.arguments = config.pipe.command;
    s.command.directory = config.pipe.directory;
    s.command.environment = child_environment(own_environment());
    s.restart_initial = config.pipe.restart_initial;
    s.restart_max = config.pipe.restart_max;
    s.write_timeout = config.pipe.write_timeout;
    s.stop_timeout = config.pipe.stop_timeout;
    s.line_bytes = config.pipe.line_bytes;
    return s;
}

std::string line_of(const incoming_event& e)
{
    std::string line;
    encode(line, e);
    // What this version does not know goes on as it came, and that may have been several lines.
    // JSON has no bare line ends but between its parts.
    std::replace_if(
        line.begin(), line.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
    return line;
}

/// Whether the caller waits for something now. Other events can be answered as well, but a bot that
/// is well says nothing to most of them.
bool asks_for_an_answer(const event& e) noexcept
{
    return std::holds_alternative<session_start>(e) || std::holds_alternative<user_speak>(e) ||
           std::holds_alternative<dtmf_received>(e) ||
           std::holds_alternative<user_input_timeout>(e);
}

}  // namespace

class pipe_bot::call_handler final : public bot_handler {
public:
    call_handler(session handle, bot_environment& env, pipe_bot& bot)
        : bot_handler(std::move(handle), env), bot_(bot),
          call_(std::make_shared<pipe_call>(the_call()))
    {
        bot_.actions_->enter(call_);
    }

    ~call_handler() override { bot_.actions_->leave(call_); }

private:
    asio::awaitable<void> on_event(incoming_event e) override
    {
        const bool answerable = is_answerable(e.event);
        if (bot_.child_.running()) {
            // Before the line is handed over: the child may end while that waits.
            the_call()->recovered();
            call_->refusals_shown = 0;
            if (asks_for_an_answer(e.event))
                call_->answer_owed = true;
        }
        const bool handed_over = co_await bot_.child_.lines().push(line_of(e));
        if (!handed_over && answerable)
            the_call()->apologise();
    }

    void on_speech_started(const incoming_event& e) override
    {
        if (bot_.child_.running() && !bot_.child_.lines().offer(line_of(e)))
            ++bot_.speech_starts_dropped_;
    }

    pipe_bot& bot_;
    std::shared_ptr<pipe_call> call_;
};

pipe_bot::pipe_bot(const asio::any_io_executor& executor, const daemon_config& config,
                   bot_environment& env, std::uint64_t seed)
    : env_(env), actions_(std::make_shared<pipe_actions>(
                     executor, *env.time, env.log,
                     [this](const incoming_event& e) { child_.lines().offer_urgent(line_of(e)); })),
      child_(executor, *env.time, env.log, settings_of(config), *this, seed)
{
}

pipe_bot::~pipe_bot()
{
    actions_->close();
}

std::unique_ptr<bot_handler> pipe_bot::take(session call)
{
    return std::make_unique<call_handler>(std::move(call), env_, *this);
}

asio::awaitable<void> pipe_bot::run()
{
    return child_.run();
}

void pipe_bot::stop()
{
    child_.stop();
}

bot_health pipe_bot::health() const
{
    const auto& counted = actions_->counted();
    bot_health h;
    h.ready = child_.running();
    h.text = child_.trouble();
    h.answers = counted.answers;
    h.bad_answers = counted.bad_lines + child_.lines_too_long();
    h.failures = child_.failures();
    h.waiting = child_.lines().size();
    return h;
}

std::optional<problem> pipe_bot::reload(const daemon_config& config)
{
    child_.change(settings_of(config));
    return std::nullopt;
}

void pipe_bot::line(std::string_view text)
{
    actions_->line(text);
}

asio::awaitable<void> pipe_bot::room()
{
    return actions_->room();
}

void pipe_bot::gone()
{
    actions_->apologise_where_owed();
}

}  // namespace aiflow

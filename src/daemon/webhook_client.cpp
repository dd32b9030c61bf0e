#include "daemon/webhook_client.hpp"

#include <chrono>
#include <utility>

namespace aiflow {
namespace {

std::string seconds(clock::duration d)
{
    return std::to_string(std::chrono::ceil<std::chrono::seconds>(d).count());
}

std::string refusal_text(unsigned status, const std::string& from)
{
    auto text = "HTTP " + std::to_string(status) + " from " + from;
    if (status >= 300 && status < 400)
        text += ", and redirects are not followed";
    return text;
}

}  // namespace

webhook_client::webhook_client(asio::any_io_executor executor, const bot_environment& env,
                               std::shared_ptr<const webhook_target> target)
    : env_(env), pool_(std::move(executor), *env.time, target),
      breaker_(target->settings.breaker_failures, target->settings.breaker_pause)
{
}

void webhook_client::set_target(std::shared_ptr<const webhook_target> target)
{
    breaker_.set_limits(target->settings.breaker_failures, target->settings.breaker_pause);
    pool_.set_target(std::move(target));
}

asio::awaitable<webhook_reply> webhook_client::ask(std::string body, std::string session_id)
{
    webhook_reply reply;
    const auto pass = breaker_.ask(env_.time->now());
    if (pass == circuit_breaker::pass::none) {
        reply.app_is_gone = true;
        co_return reply;
    }
    const auto result = co_await pool_.post(std::move(body));
    if (result.cancelled) {
        breaker_.dropped(pass);
        co_return reply;
    }
    if (!result.failure.empty()) {
        reply.app_is_gone = true;
        note_failure(pass, result.failure);
        co_return reply;
    }
    const auto status = result.answer.status;
    reply.answer = interpret(result.answer, session_id);
    if (reply.answer.what == webhook_answer::meaning::failure) {
        reply.app_is_gone = status >= 500;
        note_failure(pass, refusal_text(status, pool_.target().name()));
        co_return reply;
    }
    reply.answered = true;
    if (!reply.answer.actions.empty())
        ++counted_.answers;
    if (!reply.answer.problems.empty())
        ++counted_.bad_answers;
    note_success();
    co_return reply;
}

void webhook_client::note_success()
{
    last_failure_.clear();
    if (breaker_.succeeded())
        env_.log.write(log_level::info, "webhook.up", "the web app answers again",
                       {{"app", pool_.target().name()}});
}

void webhook_client::note_failure(circuit_breaker::pass pass, std::string why)
{
    ++counted_.failures;
    last_failure_ = printable(why);
    const bool opened = breaker_.failed(pass, env_.time->now());
    const auto level = breaker_.failures_in_a_row() == 1 ? log_level::warning : log_level::debug;
    env_.log.write(level, "webhook.failed", "an event could not be posted, or was refused",
                   {{"why", last_failure_}});
    if (opened)
        env_.log.write(log_level::error, "webhook.down",
                       "the web app fails again and again; it is left alone until a probe succeeds",
                       {{"why", last_failure_},
                        {"failures", std::to_string(breaker_.failures_in_a_row())},
                        {"again_in_s", seconds(pool_.target().settings.breaker_pause)}});
}

bot_health webhook_client::health() const
{
    auto h = counted_;
    h.waiting = pool_.waiting() + pool_.busy();
    h.ready = !breaker_.open();
    h.text = last_failure_;
    if (h.ready)
        return h;
    const auto left = breaker_.next_probe() - env_.time->now();
    h.text += left > clock::duration::zero() ? "; again in " + seconds(left) + " s"
                                             : "; again with the next event";
    return h;
}

}  // namespace aiflow

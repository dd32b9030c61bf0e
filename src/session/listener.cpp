#include "aiflow/listener.hpp"

#include "session/listener_loop.hpp"
#include "session/option_rules.hpp"
#include "session/run_loop.hpp"

#include <boost/asio/post.hpp>

#include <utility>

namespace aiflow {

listener::listener(asio::any_io_executor executor, listener_options options)
    : loop_(
          std::make_shared<listener_loop>(std::move(executor), valid_or_throw(std::move(options))))
{
}

listener::~listener()
{
    loop_->close();  // at once: the port may be wanted again
    abort();
}

asio::any_io_executor listener::get_executor() const noexcept
{
    return loop_->get_executor();
}

void listener::serve(handler_factory factory)
{
    loop_->home().serve(std::move(factory));
}

checked<void> listener::open()
{
    return loop_->open();
}

std::uint16_t listener::port() const noexcept
{
    return loop_->port();
}

asio::awaitable<error_code> listener::run(std::shared_ptr<listener_loop> loop)
{
    return run_loop(std::move(loop));
}

void listener::stop()
{
    asio::post(loop_->get_executor(), [loop = loop_] { loop->stop(); });
}

void listener::abort()
{
    asio::post(loop_->get_executor(), [loop = loop_] { loop->abort(); });
}

checked<void> listener::reload_certificate()
{
    return loop_->reload_certificate();
}

std::optional<problem> listener::check_tokens(const std::vector<secret>& tokens) const
{
    return loop_->check_tokens(tokens);
}

checked<void> listener::replace_tokens(std::vector<secret> tokens)
{
    return loop_->replace_tokens(std::move(tokens));
}

std::optional<session> listener::find(std::string_view session_id) const
{
    return loop_->home().find_open(session_id);
}

bool listener::cancel_sms(sms_id id)
{
    return loop_->home().sms().cancel(id);
}

listener_status listener::status() const
{
    return loop_->status();
}

session_statistics listener::statistics() const
{
    return loop_->home().snapshot();
}

sms_statistics listener::sms() const
{
    return loop_->home().sms().statistics();
}

std::string_view to_string(listener_state s) noexcept
{
    switch (s) {
    case listener_state::idle:
        return "idle";
    case listener_state::listening:
        return "listening";
    case listener_state::stopping:
        return "stopping";
    case listener_state::stopped:
        return "stopped";
    }
    return "";
}

}  // namespace aiflow

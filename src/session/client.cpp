#include "aiflow/client.hpp"

#include "session/client_loop.hpp"
#include "session/option_rules.hpp"
#include "session/run_loop.hpp"

#include <boost/asio/post.hpp>

#include <utility>

namespace aiflow {

client::client(asio::any_io_executor executor, client_options options)
    : loop_(std::make_shared<client_loop>(std::move(executor), valid_or_throw(std::move(options))))
{
}

client::~client()
{
    abort();
}

asio::any_io_executor client::get_executor() const noexcept
{
    return loop_->get_executor();
}

void client::serve(handler_factory factory)
{
    loop_->home().serve(std::move(factory));
}

asio::awaitable<error_code> client::run(std::shared_ptr<client_loop> loop)
{
    return run_loop(std::move(loop));
}

void client::stop()
{
    asio::post(loop_->get_executor(), [loop = loop_] { loop->stop(); });
}

void client::abort()
{
    asio::post(loop_->get_executor(), [loop = loop_] { loop->abort(); });
}

std::optional<session> client::find(std::string_view session_id) const
{
    return loop_->home().find_open(session_id);
}

bool client::cancel_sms(sms_id id)
{
    return loop_->home().sms().cancel(id);
}

client_status client::status() const
{
    return loop_->status();
}

session_statistics client::statistics() const
{
    return loop_->home().snapshot();
}

sms_statistics client::sms() const
{
    return loop_->home().sms().statistics();
}

std::string_view to_string(client_state s) noexcept
{
    switch (s) {
    case client_state::idle:
        return "idle";
    case client_state::connecting:
        return "connecting";
    case client_state::open:
        return "open";
    case client_state::waiting:
        return "waiting";
    case client_state::stopping:
        return "stopping";
    case client_state::stopped:
        return "stopped";
    }
    return "";
}

}  // namespace aiflow

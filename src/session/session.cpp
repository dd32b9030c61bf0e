#include "aiflow/session.hpp"

#include "session/dispatcher.hpp"
#include "session/session_state.hpp"

#include <boost/asio/use_awaitable.hpp>

namespace aiflow {

namespace {

problem gone()
{
    return {make_error_code(errc::session_over), "session", "the call has ended"};
}

}  // namespace

session::session(std::shared_ptr<session_state> state) noexcept : state_(std::move(state)) {}

const std::string& session::id() const noexcept
{
    return state_->info.id;
}

const session_info& session::info() const noexcept
{
    return state_->info;
}

checked<phone_number> session::caller() const
{
    return state_->info.human();
}

bool session::over() const noexcept
{
    return state_->over || !state_->env->home;
}

asio::any_io_executor session::get_executor() const noexcept
{
    return state_->env->executor;
}

checked<void> session::send(const action& a)
{
    if (!state_->env->home)
        return gone();
    return state_->env->home->send(*state_, {&a, 1}, false);
}

checked<void> session::send(const std::vector<action>& actions)
{
    if (!state_->env->home)
        return gone();
    return state_->env->home->send(*state_, actions, true);
}

asio::awaitable<checked<void>> session::post_send(state_ptr state, action a)
{
    co_return session(std::move(state)).send(a);
}

asio::awaitable<checked<sms_ticket>> session::submit_sms(state_ptr state, phone_number to,
                                                         std::string text, sms_options options)
{
    if (!state->env->home || state->over)
        co_return gone();
    state->env->home->introduce(*state);
    co_return co_await state->env->home->sms().submit(state->info.id, std::move(to),
                                                      std::move(text), std::move(options));
}

asio::awaitable<checked<sms_outcome>> session::await_outcome(state_ptr state, sms_id id)
{
    if (!state->env->home)
        co_return gone();
    co_return co_await state->env->home->sms().outcome(id);
}

}  // namespace aiflow

#include "session/http_mailbox.hpp"

#include <algorithm>
#include <utility>

namespace aiflow {

http_mailbox::http_mailbox(sms_sender& sms, const connection_options& options,
                           std::function<void()> left)
    : session_link("http"), sms_(sms), options_(options), left_(std::move(left))
{
}

http_mailbox::~http_mailbox()
{
    drop();
}

void http_mailbox::drop()
{
    for (const auto& key : std::exchange(queue_, {}).attempts())
        sms_.not_written(key, false);
}

void http_mailbox::session_left(const session_state&, bool)
{
    drop();
    left_();
}

bool http_mailbox::full() const noexcept
{
    return queue_.size() >= options_.queue_messages || queue_.bytes() >= options_.queue_bytes;
}

checked<void> http_mailbox::queue(std::string_view session_id, std::span<const action> actions,
                                  bool as_array)
{
    if (full())
        return problem{make_error_code(errc::queue_full), "session",
                       "too much waits for the session's next HTTP request"};
    queue_.add(session_id, actions, as_array);
    return {};
}

bool http_mailbox::queue_sms(std::string_view session_id, const sms_attempt_key& key,
                             send_sms frame)
{
    if (full())
        return false;
    queue_.add(session_id, key, std::move(frame));
    return true;
}

void http_mailbox::handler_idle()
{
    for (auto* v : visits_)
        v->idle().notify();
}

http_mailbox::letter http_mailbox::take()
{
    letter all;
    const auto messages = queue_.batch(std::nullopt);
    if (messages.size() == 1) {
        all.body = messages.front().data;
    } else if (!messages.empty()) {
        // Several messages become one array; those that are arrays themselves are joined to it.
        for (const auto& m : messages) {
            const bool is_array = m.data.starts_with('[');
            all.body += all.body.empty() ? '[' : ',';
            all.body += is_array ? m.data.substr(1, m.data.size() - 2) : m.data;
        }
        all.body += ']';
    }
    all.sms = queue_.attempts();
    queue_.clear();
    return all;
}

http_mailbox::visit::visit(http_mailbox& box, const asio::any_io_executor& executor)
    : box_(box), idle_(executor)
{
    box_.visits_.push_back(this);
}

http_mailbox::visit::~visit()
{
    box_.visits_.erase(std::find(box_.visits_.begin(), box_.visits_.end(), this));
}

}  // namespace aiflow

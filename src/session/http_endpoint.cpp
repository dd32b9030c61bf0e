#include "session/http_endpoint.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

#include <utility>

namespace aiflow {

http_endpoint::http_endpoint(dispatcher& home, const connection_options& options,
                             clock::duration answer_within)
    : home_(home), options_(options), answer_within_(answer_within)
{
    home_.reachable();
}

http_endpoint::~http_endpoint()
{
    for (const auto& [id, box] : boxes_)
        for (auto* s : box->sessions)
            s->link = nullptr;
    boxes_.clear();
    home_.unreachable();
}

asio::awaitable<http_endpoint::reply> http_endpoint::receive(std::string body)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    const auto self = shared_from_this();
    reply r;
    auto decoded = decoder_.decode(body);
    auto& count = home_.environment().statistics;
    count.wrong_types += decoded.wrong_types;
    if (decoded.events.size() != 1 || decoded.dropped > 0) {
        ++count.dropped_events;
        r.status = 400;
        r.detail = decoded.dropped > 0 ? decoded.error.message() : "not exactly one event";
        co_return r;
    }
    auto in = std::move(decoded.events.front());
    const std::string id = in.session.id;
    const auto box = mailbox_of(id);
    co_await deliver(box, std::move(in), body.size());
    r.letter = box->take();
    if (!r.letter.body.empty())
        r.status = 200;
    if (box->sessions.empty())
        forget_later(id);
    co_return r;
}

asio::awaitable<void> http_endpoint::deliver(mailbox_ptr box, incoming_event in, std::size_t bytes)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    const auto& env = home_.environment();
    const std::string id = in.session.id;
    const auto deadline = env.time->now() + answer_within_;
    http_mailbox::visit here(*box, env.executor);
    while (auto full = home_.receive(*box, in, env.time->now(), bytes))
        co_await home_.make_room(*box, std::move(full));
    for (;;) {
        const auto s = home_.find(id);
        if (!s || s->over || s->runner.idle())
            co_return;
        if (!co_await here.idle().wait_until(*env.time, deadline))
            co_return;
    }
}

void http_endpoint::replied(const reply& r, bool written)
{
    for (const auto& key : r.letter.sms) {
        if (written)
            home_.sms().written(key);
        else
            home_.sms().not_written(key, true);
    }
}

http_endpoint::mailbox_ptr http_endpoint::mailbox_of(const std::string& session_id)
{
    auto& box = boxes_[session_id];
    if (!box)
        box = std::make_shared<http_mailbox>(home_.sms(), options_,
                                             [this, session_id] { forget_later(session_id); });
    return box;
}

// Later, since whoever ended the session may still be using the mailbox.
void http_endpoint::forget_later(std::string session_id)
{
    asio::post(home_.environment().executor, [weak = weak_from_this(), id = std::move(session_id)] {
        if (const auto self = weak.lock())
            self->forget_if_empty(id);
    });
}

void http_endpoint::forget_if_empty(const std::string& session_id)
{
    const auto found = boxes_.find(session_id);
    if (found != boxes_.end() && found->second->sessions.empty() && !found->second->is_visited())
        boxes_.erase(found);
}

}  // namespace aiflow

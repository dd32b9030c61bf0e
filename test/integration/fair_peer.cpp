#include "fair_peer.hpp"

#include "scripted_handler.hpp"

#include <utility>

namespace aiflow::test::hostile {

fair_peer::fair_peer(loopback& net, std::unique_ptr<message_stream> stream, std::string session_id)
    : net_(&net), state_(std::make_shared<state>()), session_id_(std::move(session_id))
{
    state_->stream = std::move(stream);
    net.start(read_on(state_));
}

fair_peer::~fair_peer()
{
    if (!state_)
        return;
    state_->stream->abort();
    net_->until([this] { return state_->ended; });
}

asio::awaitable<bool> fair_peer::read_on(std::shared_ptr<state> s)
{
    for (;;) {
        const auto batch = co_await s->stream->read();
        if (!batch)
            break;
        for (const auto& m : *batch)
            if (m.kind == incoming_message::text)
                s->heard.append(m.data).append("\n");
    }
    s->ended = true;
    co_return true;
}

asio::awaitable<bool> fair_peer::write(std::shared_ptr<state> s, std::string text)
{
    const outgoing_message m{outgoing_message::text, text};
    const auto result = co_await s->stream->write({&m, 1});
    co_return !result.error;
}

bool fair_peer::asks(std::string event, std::string_view answer)
{
    state_->heard.clear();
    if (!net_->run(write(state_, std::move(event))))
        return false;
    net_->until([&] { return state_->ended || state_->heard.find(answer) != std::string::npos; });
    return state_->heard.find(answer) != std::string::npos;
}

bool fair_peer::starts()
{
    return asks(start(session_id_), "after start");
}

bool fair_peer::talks()
{
    const auto words = session_id_ + " " + std::to_string(++said_);
    return asks(speak_event(session_id_, words), "after " + words + "\"");
}

bool fair_peer::hangs_up()
{
    return net_->run(write(state_, plain("session_end", session_id_)));
}

}  // namespace aiflow::test::hostile

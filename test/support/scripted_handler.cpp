#include "scripted_handler.hpp"

#include <stdexcept>
#include <utility>

namespace aiflow::test {

scripted_handler::scripted_handler(session call, std::shared_ptr<script> s)
    : handler(std::move(call)), script_(std::move(s))
{
    ++script_->alive;
    script_->sessions.push_back(this->call());
}

scripted_handler::~scripted_handler()
{
    --script_->alive;
}

asio::awaitable<void> scripted_handler::note(std::string what)
{
    script_->journal.push_back(what);
    if (script_->on_event)
        co_await script_->on_event(*this, std::move(what));
}

asio::awaitable<void> scripted_handler::on_session_start(session_start e)
{
    return note(e.resumed ? "start resumed" : "start");
}
void scripted_handler::on_user_speech_started(user_speech_started)
{
    script_->journal.emplace_back("speech started");
}
asio::awaitable<void> scripted_handler::on_user_speak(user_speak e)
{
    return note(e.text);
}
asio::awaitable<void> scripted_handler::on_user_barge_in(user_barge_in)
{
    return note("barge in");
}
asio::awaitable<void> scripted_handler::on_dtmf_received(dtmf_received e)
{
    return note("key " + e.digit);
}
asio::awaitable<void> scripted_handler::on_sms_failed(sms_failure e)
{
    script_->failures.push_back(e);
    return note("failed " + e.event.reason);
}
asio::awaitable<void> scripted_handler::on_sms_outcome(sms_outcome e)
{
    script_->outcomes.push_back(e);
    return note("outcome " + std::string(to_string(e.state)));
}
asio::awaitable<void> scripted_handler::on_unknown_event(unknown_event e)
{
    return note("unknown " + e.type);
}
asio::awaitable<void> scripted_handler::on_gap(gap e)
{
    script_->gaps.push_back(e);
    return note("gap");
}
asio::awaitable<void> scripted_handler::on_session_end(session_end e)
{
    script_->ends.push_back(e);
    return note("end " + std::string(to_string(e.cause)));
}

std::string start(std::string_view id, std::string_view from)
{
    return R"({"type":"session_start","session":{"id":")" + std::string(id) +
           R"(","direction":"inbound","from_phone_number":")" + std::string(from) +
           R"(","to_phone_number":"4921100000"}})";
}

std::string speak_event(std::string_view id, std::string_view text, bool barged_in)
{
    return R"({"type":"user_speak","text":")" + std::string(text) + R"(","barged_in":)" +
           (barged_in ? "true" : "false") + R"(,"session":{"id":")" + std::string(id) + R"("}})";
}

std::string plain(std::string_view type, std::string_view id)
{
    return R"({"type":")" + std::string(type) + R"(","session":{"id":")" + std::string(id) +
           R"("}})";
}

std::string failed_event(std::string_view id, std::string_view recipient, std::string_view reason)
{
    return R"({"type":"sms_failed","session":{"id":")" + std::string(id) + R"("},"recipient":")" +
           std::string(recipient) + R"(","reason":")" + std::string(reason) + R"("})";
}

namespace {

std::vector<addressed_action> all(const std::vector<std::string>& messages, std::string_view type)
{
    std::vector<addressed_action> found;
    for (const auto& m : messages) {
        auto actions = decode_actions(m);
        if (!actions)
            throw std::runtime_error(to_string(actions.error()));
        for (auto& a : *actions)
            if (type_name(a.action) == type)
                found.push_back(std::move(a));
    }
    return found;
}

}  // namespace

std::size_t count(const std::vector<std::string>& messages, std::string_view type)
{
    return all(messages, type).size();
}

addressed_action nth(const std::vector<std::string>& messages, std::string_view type, std::size_t n)
{
    return all(messages, type).at(n);
}

}  // namespace aiflow::test

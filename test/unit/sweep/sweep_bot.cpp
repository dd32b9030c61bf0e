#include "sweep_bot.hpp"

#include <utility>

namespace aiflow::test {

std::string in_words(const event& e)
{
    std::string text(type_name(e));
    if (const auto* s = std::get_if<user_speak>(&e))
        text += " " + s->text;
    if (const auto* s = std::get_if<assistant_speak>(&e))
        text += " " + s->text;
    if (const auto* s = std::get_if<dtmf_received>(&e))
        text += " " + s->digit;
    if (const auto* s = std::get_if<sms_failed>(&e))
        text += " " + s->reason + " " + s->recipient;
    return text;
}

sweep_bot::sweep_bot(session call, bot_world* world) : handler(std::move(call)), world_(*world)
{
    ++world_.log.rest.handlers;
    note({.kind = sweep_note::made, .at = {}});
}

sweep_bot::~sweep_bot()
{
    --world_.log.rest.handlers;
    note({.kind = sweep_note::gone, .at = {}});
}

void sweep_bot::note(sweep_note n)
{
    n.at = world_.time.now();
    n.session = call().id();
    world_.log.notes.push_back(std::move(n));
}

void sweep_bot::told(const event& e)
{
    note({.kind = sweep_note::told, .at = {}, .text = in_words(e)});
}

asio::awaitable<void> sweep_bot::think()
{
    if (world_.thinks > clock::duration{})
        co_await world_.time.sleep_until(world_.time.now() + world_.thinks);
}

// What is said is refused when the connection is gone; a caller hears nothing then.
asio::awaitable<void> sweep_bot::answer(std::string text)
{
    co_await think();
    speak s;
    s.text = std::move(text);
    (void)call().send(s);
}

asio::awaitable<void> sweep_bot::text_to(checked<phone_number> number)
{
    co_await think();
    const std::string text =
        "Your confirmation code is " + std::to_string(1000 + ++world_.texts) + ".";
    error_code refused;
    try {
        const auto ticket = co_await send_sms(std::move(number), text);
        note({.kind = sweep_note::accepted, .at = {}, .text = text, .id = ticket.id});
    } catch (const failure& e) {
        refused = e.code();
    }
    // Who does not wait does not learn whether it was accepted.
    if (refused && refused != errc::interrupted && refused != errc::shutting_down)
        note({.kind = sweep_note::refused, .at = {}, .text = text});
    co_await answer("It is on its way.");
}

asio::awaitable<void> sweep_bot::on_session_start(session_start e)
{
    told(e);
    return answer("Hello. Say code, and I text you the code.");
}

void sweep_bot::on_user_speech_started(user_speech_started) {}

asio::awaitable<void> sweep_bot::on_user_speak(user_speak e)
{
    told(e);
    if (e.mentions("colleague")) {
        co_await think();
        const transfer t{*phone_number::parse("4921155509999"), "Bot", "4921155501234", 10};
        (void)call().send(t);
    } else if (e.mentions("code")) {
        co_await text_to(call().caller());
    } else if (e.mentions("It is 49")) {
        co_await text_to(phone_number::parse("491707654321"));
    } else {
        co_await answer("Yes?");
    }
}

asio::awaitable<void> sweep_bot::on_user_barge_in(user_barge_in e)
{
    told(e);
    return answer("Yes?");
}

asio::awaitable<void> sweep_bot::on_dtmf_received(dtmf_received e)
{
    told(e);
    return answer("You pressed a key.");
}

asio::awaitable<void> sweep_bot::on_assistant_speak(assistant_speak e)
{
    told(e);
    return think();
}

asio::awaitable<void> sweep_bot::on_assistant_speech_ended(assistant_speech_ended e)
{
    told(e);
    return think();
}

asio::awaitable<void> sweep_bot::on_user_input_timeout(user_input_timeout e)
{
    told(e);
    return answer("Are you there?");
}

asio::awaitable<void> sweep_bot::on_sms_failed(sms_failure e)
{
    told(e.event);
    if (!e.will_retry)
        co_await answer("I am sorry, that did not work. Which number shall I use?");
}

asio::awaitable<void> sweep_bot::on_sms_outcome(sms_outcome e)
{
    note({.kind = sweep_note::outcome, .at = {}, .id = e.id, .state = e.state, .how = e});
    co_return;
}

asio::awaitable<void> sweep_bot::on_gap(aiflow::gap)
{
    note({.kind = sweep_note::gap, .at = {}});
    co_return;
}

asio::awaitable<void> sweep_bot::on_session_end(session_end e)
{
    note({.kind = sweep_note::ended, .at = {}, .text = std::string(to_string(e.cause))});
    return think();
}

}  // namespace aiflow::test

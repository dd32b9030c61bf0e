// What the simulator does with messages from a bot.

#include "aiflow/codec.hpp"
#include "simulator/simulator_core.hpp"

namespace aiflow::simulator {

void simulator_core::take_message(sim_link& link, const incoming_message& m)
{
    if (m.kind == incoming_message::pong)
        return;
    frame_record frame{time_.now(), false, link.number, 0, {}, std::string(m.data)};
    if (m.kind == incoming_message::binary) {
        keep(std::move(frame));
        refuse(link, {errc::invalid_value, "message", "is binary, but actions come as text"});
        return;
    }
    const auto actions = decode_actions(m.data);
    if (actions.has_value() && !actions->empty()) {
        frame.session = actions->front().session_id;
        if (const auto known = by_session_.find(frame.session); known != by_session_.end())
            frame.call = known->second + 1;
    }
    keep(std::move(frame));
    if (actions.has_error())
        return refuse(link, actions.error());
    for (const addressed_action& a : *actions)
        take_action(link, a);
    place_if_needed();
    wake();
}

void simulator_core::take_action(sim_link& link, const addressed_action& a)
{
    const auto known = by_session_.find(a.session_id);
    if (known == by_session_.end())
        return refuse(link, {errc::invalid_value, "session_id", "names no call of this scenario"});
    const std::size_t index = known->second;
    call_player& player = slots_[index]->player;
    const bool late = player.ended();
    ++journal_.actions;
    if (late)
        ++journal_.late_actions;
    const sms_record* sms = nullptr;
    if (const auto* s = std::get_if<send_sms>(&a.action))
        sms = &record_sms(index, *s, late);
    note(link.number, index + 1, action_taken{&a.action, late, sms});
    player.take(time_.now(), a.action);
    step(index);
}

const sms_record& simulator_core::record_sms(std::size_t index, const send_sms& sms, bool late)
{
    call_player& player = slots_[index]->player;
    const std::string& digits = sms.phone_number.digits();
    const unsigned attempt = ++attempts_[player.session().id + ' ' + digits + ' ' + sms.message];
    std::string answer = "none";
    if (!late) {
        const sms_answer& met = player.answer(time_.now(), sms);
        answer = !met.raw.empty() ? "raw" : met.fails ? met.reason : "accepted";
    }
    journal_.sends.push_back({time_.now(), index + 1, player.session().id, digits, sms.message,
                              attempt, late, std::move(answer)});
    return journal_.sends.back();
}

void simulator_core::refuse(sim_link& link, const problem& why)
{
    ++journal_.invalid_actions;
    note(link.number, 0, message_refused{&why});
}

void simulator_core::keep(frame_record f)
{
    journal_.frames.push_back(std::move(f));
    const frame_record& kept = journal_.frames.back();
    note(kept.connection, kept.call, frame_moved{&kept});
}

}  // namespace aiflow::simulator

// What sessions and connections do to their messages (reliability.md 3.6).

#include "sms/sms_tracker.hpp"

namespace aiflow {

sms_session& sms_tracker::session_of(std::string_view id)
{
    auto* const known = sessions_.find(id);
    return known ? *known : sessions_.add(id);
}

void sms_tracker::session_up(sms_moment at, std::string_view id)
{
    begin(at);
    auto& s = session_of(id);
    s.state = sms_session::link::up;
    s.transferred = false;
    s.open_end.unlink();
    deadlines_.clear(s);
    for (auto* m : s.messages) {
        if (!m->in_flight()) {
            consider(*m);
        } else if (m->lost && !repeat_lost(*m)) {
            m->lost = false;
            // Nobody could have heard a failure of these before now.
            if (m->unheard)
                settle(*m, sms_state::unobserved);
        }
        listen(*m);
    }
}

void sms_tracker::session_gap(sms_moment at, std::string_view id)
{
    begin(at);
    auto* const s = sessions_.find(id);
    if (!s || s->state != sms_session::link::up)
        return;
    s->state = sms_session::link::gone;
    deadlines_.set(*s, at.now + rules_.grace);
    for (auto* m : s->messages) {
        m->lost |= m->in_flight();
        deafen(*m);
        consider(*m);
    }
}

void sms_tracker::session_over(sms_moment at, std::string_view id, bool vendor_reachable)
{
    begin(at);
    auto* const s = sessions_.find(id);
    if (!s)
        return;
    s->state = sms_session::link::over;
    s->vendor_reachable = vendor_reachable;
    deadlines_.clear(*s);
    for (auto* m : s->messages) {
        switch (m->phase) {
        case sms_phase::ready:
        case sms_phase::noting:
        case sms_phase::preparing:
            give_up(*m, sms_state::abandoned);
            break;
        case sms_phase::in_flight:
            if (m->unheard)
                settle(*m, sms_state::unobserved);
            else if (vendor_reachable)
                listen(*m);
            else
                deafen(*m);
            break;
        default:
            break;
        }
    }
    if (s->open > 0) {
        note_open_end(*s);
        if (!vendor_reachable)
            deadlines_.set(*s, at.now + rules_.grace);
    }
    drop_if_done(*s);
}

void sms_tracker::session_transferred(sms_moment at, std::string_view id)
{
    begin(at);
    if (auto* const s = sessions_.find(id))
        s->transferred = true;
}

void sms_tracker::session_answerable(sms_moment at, std::string_view id)
{
    begin(at);
    auto* const s = sessions_.find(id);
    if (!s)
        return;
    answering_ = s;
    for (auto* m : s->messages)
        consider(*m);
    answering_ = nullptr;
}

void sms_tracker::flush_held(sms_moment at, std::string_view session_id)
{
    begin(at);
    auto* const s = sessions_.find(session_id);
    if (!s)
        return;
    for (auto* m : s->messages) {
        if (m->phase != sms_phase::ready || m->rest != sms_state::accepted)
            continue;
        m->flush = true;
        consider(*m);
    }
}

void sms_tracker::vendor_reachable(sms_moment at, bool reachable)
{
    begin(at);
    for (auto& s : over_) {
        s.vendor_reachable = reachable;
        if (reachable)
            deadlines_.clear(s);
        else
            deadlines_.set(s, at.now + rules_.grace);
        for (auto* m : s.messages) {
            if (reachable)
                listen(*m);
            else
                deafen(*m);
        }
    }
}

// The grace is over: nobody will hear of what is in flight, and nothing can be written any more.
void sms_tracker::end_session(sms_session& s)
{
    s.state = sms_session::link::over;
    s.vendor_reachable = false;
    for (auto* m : s.messages) {
        if (m->in_flight())
            settle(*m, sms_state::unobserved);
        else if (m->phase != sms_phase::recording && m->open())
            give_up(*m, sms_state::abandoned);
    }
    drop_if_done(s);
}

// It is over, and failures of its messages may still be heard.
void sms_tracker::note_open_end(sms_session& s)
{
    if (!s.open_end.is_linked())
        over_.push_back(s);
}

void sms_tracker::drop_if_done(sms_session& s)
{
    if (s.state != sms_session::link::over || !s.messages.empty())
        return;
    s.open_end.unlink();
    deadlines_.clear(s);
    sessions_.erase(s);
}

}  // namespace aiflow

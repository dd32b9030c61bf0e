#include "simulator/simulator_core.hpp"

#include "aiflow/codec.hpp"
#include "simulator/verdict.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>

namespace aiflow::simulator {

namespace {

// The n-th number after `number`, with as many digits at least.
std::string counted_up(const std::string& number, unsigned n)
{
    const std::size_t plus = number.starts_with('+') ? 1 : 0;
    std::uint64_t value = 0;
    const char* const end = number.data() + number.size();
    const auto [stopped, failed] = std::from_chars(number.data() + plus, end, value);
    if (n == 0 || failed != std::errc{} || stopped != end)
        return number;
    std::string digits = std::to_string(value + n);
    const std::size_t width = number.size() - plus;
    if (digits.size() < width)
        digits.insert(0, width - digits.size(), '0');
    return number.substr(0, plus) + digits;
}

}  // namespace

std::shared_ptr<sim_link> simulator_core::open_link(const asio::any_io_executor& executor)
{
    auto link = std::make_shared<sim_link>(executor, ++journal_.connections);
    links_.push_back(link);
    note(link->number, 0, connection_opened{});
    if (!begun_ && open_links() >= scenario_.wait_for_connections)
        begin();
    place_later_ = true;
    place_if_needed();
    wake();
    return link;
}

std::size_t simulator_core::open_links() const
{
    const auto open = std::count_if(links_.begin(), links_.end(),
                                    [](const auto& l) { return !l->refuses_calls; });
    return static_cast<std::size_t>(open);
}

std::size_t simulator_core::connections_wanted() const
{
    if (stopping_ || closing)
        return 0;
    if (begun_ && scenario_.calls_on == placement::own) {
        const auto waiting = std::count_if(slots_.begin(), slots_.end(), [](const auto& s) {
            return s->player.wants_connection();
        });
        return static_cast<std::size_t>(waiting);
    }
    const bool idle = begun_ && std::all_of(slots_.begin(), slots_.end(),
                                            [](const auto& s) { return s->player.ended(); });
    const std::size_t wanted = idle ? 0 : scenario_.wait_for_connections;
    return wanted - std::min(wanted, open_links());
}

void simulator_core::link_ended(sim_link& link, stream_end how, bool here)
{
    link.refuses_calls = true;
    disconnect_calls(link);
    note(link.number, 0, connection_ended{std::move(how), here});
    place_if_needed();
    wake();
}

void simulator_core::link_gone(const sim_link& link)
{
    std::erase_if(links_, [&](const auto& l) { return l.get() == &link; });
    wake();
}

std::string simulator_core::next_session_id()
{
    const std::uint64_t a = random_();
    const std::uint64_t b = random_();
    char text[37];
    std::snprintf(text, sizeof text, "%08x-%04x-4%03x-%04x-%012llx",
                  static_cast<unsigned>(a >> 32U), static_cast<unsigned>((a >> 16U) & 0xffffU),
                  static_cast<unsigned>(a & 0xfffU),
                  static_cast<unsigned>(((b >> 48U) & 0x3fffU) | 0x8000U),
                  static_cast<unsigned long long>(b & 0xffffffffffffULL));
    return text;
}

session_info simulator_core::session_of(const call_plan& plan, unsigned copy)
{
    const bool outbound = plan.direction == "outbound";
    session_info s;
    s.id = next_session_id();
    s.account_id = plan.account;
    s.direction = plan.direction;
    s.from_phone_number = outbound ? plan.from : counted_up(plan.from, copy);
    s.to_phone_number = outbound ? counted_up(plan.to, copy) : plan.to;
    s.phone_number = s.to_phone_number;  // as in every example of the service (protocol.md 2.1)
    return s;
}

void simulator_core::begin()
{
    begun_ = true;
    const auto zero = time_.now();
    for (const call_plan& plan : scenario_.calls) {
        for (unsigned copy = 0; copy < plan.count; ++copy) {
            const auto start = zero + scaled(plan.start + plan.every * copy);
            auto s = std::make_unique<slot>(plan, scenario_.speech, shared_desk_,
                                            session_of(plan, copy), start, options_.speed);
            const std::size_t number = slots_.size() + 1;
            std::string label = "call " + std::to_string(number);
            if (!plan.label.empty())
                label = plan.count == 1 ? plan.label : plan.label + " " + std::to_string(copy + 1);
            by_session_.emplace(s->player.session().id, slots_.size());
            journal_.calls.push_back({number, std::move(label), s->player.session()});
            slots_.push_back(std::move(s));
        }
    }
}

std::shared_ptr<sim_link> simulator_core::link_for_new_call(std::size_t index)
{
    // A call that comes back takes the newest connection, unless each call has one of its own.
    const bool comes_back = slots_[index]->player.started();
    std::shared_ptr<sim_link> best;
    for (const auto& link : links_) {
        const bool taken = scenario_.calls_on == placement::own && link->calls_given > 0;
        if (link->refuses_calls || taken)
            continue;
        const bool freer = scenario_.calls_on == placement::spread && best &&
                           link->calls_given < best->calls_given;
        if (!best || comes_back || freer)
            best = link;
    }
    return best;
}

void simulator_core::place_calls()
{
    for (std::size_t i = 0; i < slots_.size(); ++i) {
        slot& s = *slots_[i];
        if (!s.player.wants_connection())
            continue;
        if (auto link = link_for_new_call(i)) {
            ++link->calls_given;
            s.link = std::move(link);
            s.player.connect();
            step(i);
        }
    }
}

// Steps of one call can cost another one its connection, so places are given when all is quiet.
void simulator_core::place_if_needed()
{
    while (std::exchange(place_later_, false))
        place_calls();
}

void simulator_core::disconnect_calls(const sim_link& link)
{
    for (std::size_t i = 0; i < slots_.size(); ++i) {
        slot& s = *slots_[i];
        if (s.link.get() != &link)
            continue;
        s.link.reset();
        if (s.player.connected())
            s.player.disconnect(time_.now());
        note_due(i);
        place_later_ = true;
    }
}

void simulator_core::note_due(std::size_t index)
{
    slot& s = *slots_[index];
    if (s.due)
        dues_.erase({*s.due, index});
    s.due = s.player.due();
    if (s.due)
        dues_.emplace(*s.due, index);
    if (s.player.over() && !std::exchange(s.over, true))
        ++over_;
}

void simulator_core::step(std::size_t index)
{
    slots_[index]->player.tick(time_.now());
    for (play& p : slots_[index]->player.take_plays())
        perform(index, p);
    note_due(index);
}

void simulator_core::run_due()
{
    const auto now = time_.now();
    while (!dues_.empty() && dues_.begin()->first <= now)
        step(dues_.begin()->second);
    place_if_needed();
}

std::optional<clock::time_point> simulator_core::due() const
{
    if (dues_.empty())
        return std::nullopt;
    return dues_.begin()->first;
}

void simulator_core::perform(std::size_t index, play& p)
{
    const std::size_t call = index + 1;
    if (auto* e = std::get_if<play_event>(&p)) {
        if (auto* speech = std::get_if<assistant_speak>(&e->event))
            speech->speech_started_at = std::chrono::duration_cast<std::chrono::milliseconds>(
                                            time_.wall_now().time_since_epoch())
                                            .count();
        std::string text;
        encode(text, incoming_event{slots_[index]->player.session(), e->event, {}});
        send(index, std::move(text), &e->event);
    } else if (auto* raw = std::get_if<play_raw>(&p)) {
        send(index, std::move(raw->text), nullptr);
    } else if (const auto* cut = std::get_if<play_cut>(&p)) {
        cut_link(index, *cut->how);
    } else if (auto* check = std::get_if<play_check>(&p)) {
        journal_.checks.push_back({call, check->line, check->held, std::move(check->text)});
        note(0, call, check_made{&journal_.checks.back()});
    } else if (const auto* over = std::get_if<play_over>(&p)) {
        journal_.calls[index].outcome = over->how;
        note(0, call, call_over{over->how});
    }
}

void simulator_core::send(std::size_t index, std::string text, const event* e)
{
    sim_link* const link = slots_[index]->link.get();
    const bool lost = link == nullptr || link->refuses_calls;
    const std::size_t connection = lost ? 0 : link->number;
    ++(lost ? journal_.lost_events : journal_.events);
    if (e != nullptr)
        note(connection, index + 1, event_sent{e, lost});
    else
        note(connection, index + 1, raw_sent{text, lost});
    if (lost)
        return;
    keep({time_.now(), true, link->number, index + 1, slots_[index]->player.session().id, text});
    link->queue.push_back(std::move(text));
    link->wake.ring();
}

void simulator_core::cut_link(std::size_t index, const cut_step& how)
{
    const std::shared_ptr<sim_link> link = slots_[index]->link;
    if (!link)
        return;
    note(link->number, index + 1, cut_made{&how});
    link->cut = &how;
    link->refuses_calls = true;
    link->wake.ring();
    disconnect_calls(*link);
}

void simulator_core::stop()
{
    stopping_ = true;
    wake();
}

void simulator_core::conclude()
{
    for (check_record& c : final_checks(scenario_, journal_)) {
        journal_.checks.push_back(std::move(c));
        note(0, journal_.checks.back().call, check_made{&journal_.checks.back()});
    }
    closing = true;
    for (const auto& link : links_)
        link->wake.ring();
}

void simulator_core::note(std::size_t connection, std::size_t call, decltype(happening::what) what)
{
    if (options_.observe)
        options_.observe({time_.now(), connection, call, std::move(what)});
}

void simulator_core::wake()
{
    if (run_bell != nullptr)
        run_bell->ring();
}

}  // namespace aiflow::simulator

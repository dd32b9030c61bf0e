#include "sweep_play.hpp"

#include "client_side.hpp"
#include "http_side.hpp"
#include "listener_side.hpp"
#include "step_stream.hpp"

#include "simulator/scenario_reader.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>

#include <utility>

namespace aiflow::test {

namespace {

using namespace std::chrono_literals;

// By then every SMS of the first play is settled and every account may send again.
constexpr std::string_view new_call = R"(
name = "New call"
[[calls]]
start = "400s"
from = "4915119876543"
return_within = "120s"
steps = [
    { expect = "speak", within = "30s" },
    { say = "The code, please." },
    { expect = "send_sms", to = "caller", within = "30s" },
    { wait = "1s" },
    { hang_up = true },
]
[expect]
sms_frames = 1
)";

asio::awaitable<void> run_service(simulator::flow_simulator* service, bool* over)
{
    co_await service->run();
    *over = true;
}

connect_failure failure_of(const fault& f)
{
    connect_failure why;
    switch (f.how) {
    case fault_way::no_host:
        why.error = asio::error::host_not_found;
        break;
    case fault_way::refused:
        why.stage = connect_stage::tcp;
        why.error = asio::error::connection_refused;
        break;
    case fault_way::bad_certificate:
        why.stage = connect_stage::tls;
        why.error = errc::certificate_rejected;
        break;
    case fault_way::http_status:
        why.stage = connect_stage::upgrade;
        why.error = errc::upgrade_refused;
        why.http_status = f.code;
        if (f.code != 401)
            why.retry_after = 7s;
        break;
    case fault_way::bad_upgrade:
        why.stage = connect_stage::upgrade;
        why.error = errc::upgrade_invalid;
        break;
    default:
        why.stage = connect_stage::tcp;
        why.error = errc::connect_timeout;
    }
    return why;
}

void set_up(session_options& o)
{
    o.sms.session_interval = 0ms;
    o.expiry = 5min;
}

std::vector<std::string> failed_checks(const simulator::journal& seen)
{
    std::vector<std::string> texts;
    for (const auto& c : seen.checks)
        if (!c.held)
            texts.push_back(c.text);
    return texts;
}

}  // namespace

std::string_view to_string(sweep_role r) noexcept
{
    return r == sweep_role::client ? "client" : r == sweep_role::listener ? "listener" : "http";
}

sweep_play::sweep_play(sweep_plan plan)
    : plan_(std::move(plan)),
      point_(plan_.trouble), world_{time_, log_, plan_.at_once ? 0ms : 40ms}, store_(memory_, time_)
{
    store_.decide = [this](failing_outbox::operation what) { return decide(what); };
    store_.on_stored = [this](const sms_record& r) {
        log_.notes.push_back({.kind = sweep_note::stored,
                              .at = time_.now(),
                              .session = r.session_id,
                              .text = r.text,
                              .id = r.id,
                              .state = r.state});
    };
    point_.on_any = [this](fault_way how) { meddle(how); };
}

sweep_play::~sweep_play()
{
    destroy();
}

void sweep_play::destroy()
{
    service_.reset();
    side_.reset();
    io_.reset();
}

// From outside of what the step is a part of, but for the destruction, which comes at once.
void sweep_play::meddle(fault_way how)
{
    meddled_ = true;
    if (how == fault_way::walk_away) {
        log_.rest.walked_away = true;
        io_->stop();
        return;
    }
    log_.rest.stopped = true;
    log_.rest.aborted = how != fault_way::stop;
    asio::post(*io_, [side = side_, how] {
        if (how == fault_way::abort)
            return side->abort();
        side->stop();
        if (how == fault_way::stop_twice)
            side->stop();
    });
}

failing_outbox::verdict sweep_play::decide(failing_outbox::operation what)
{
    const bool put = what == failing_outbox::operation::put;
    const auto f = point_.step(put ? step_kind::put : step_kind::load);
    failing_outbox::verdict v;
    v.takes = plan_.at_once ? 0ms : 15ms;
    if (!f || f->at == step_kind::any)
        return v;
    if (f->how == fault_way::disk_slow)
        v.takes = 3s;
    else if (f->how == fault_way::disk_throws)
        v.throws = true;
    else
        v.error = f->how == fault_way::disk_full ? errc::storage_full : errc::storage_failed;
    return v;
}

std::unique_ptr<message_stream> sweep_play::connect()
{
    simulator::stream_pair pair(io_->get_executor(), time_);
    pair.near_control.write_at_once(plan_.at_once);
    simulator::wire_faults faults;
    faults.reset = [control = pair.far_control]() mutable { control.reset(); };
    faults.half_close = [control = pair.far_control]() mutable { control.half_close(); };
    auto near = std::make_unique<step_stream>(pair, ++connections_, time_, point_, log_);
    if (plan_.role == sweep_role::http)
        near->give_singly();
    asio::co_spawn(*io_, service_->serve(std::move(pair.far), std::move(faults)), asio::detached);
    return near;
}

asio::awaitable<dial_result> sweep_play::dial_out(sweep_play* self)
{
    const auto f = self->point_.step(step_kind::dial);
    if (f) {
        if (f->how == fault_way::dial_timeout)
            co_await self->time_.sleep_until(self->time_.now() + 10s);
        co_return failure_of(*f);
    }
    co_return self->connect();
}

asio::awaitable<void> sweep_play::dial_in(sweep_play* self)
{
    while (self->dialling_) {
        if (self->service_->connections_wanted() > 0)
            self->side_->take(self->connect());
        co_await self->time_.sleep_until(self->time_.now() + 1s);
    }
}

void sweep_play::make_side()
{
    if (plan_.role == sweep_role::client) {
        client_options o;
        o.url = "ws://127.0.0.1:1/";
        o.time = &time_;
        o.store = &store_;
        o.seed = 7;
        set_up(o.sessions);
        side_ =
            std::make_shared<client_side>(*io_, std::move(o), [this] { return dial_out(this); });
    } else {
        listener_options o;
        o.time = &time_;
        o.store = &store_;
        o.seed = 7;
        set_up(o.sessions);
        if (plan_.role == sweep_role::listener)
            side_ = std::make_shared<listener_side>(*io_, std::move(o));
        else
            side_ = std::make_shared<http_side>(*io_, std::move(o));
    }
    side_->home().serve(make_handler_factory<sweep_bot>(&world_));
}

void sweep_play::start_side()
{
    make_side();
    side_->start();
    run_for(*io_, time_, 1s);
    if (!side_->finished || meddled_)
        return;
    // Its outbox could not be read. The next process begins anew.
    make_side();
    side_->start();
}

void sweep_play::play(simulator::scenario s)
{
    over_ = false;
    simulator::simulator_options options;
    options.seed = ++plays_;  // every session has an id of its own
    options.observe = [this](const simulator::happening& h) { see(h); };
    service_.emplace(time_, std::move(s), std::move(options));
    asio::co_spawn(*io_, run_service(&*service_, &over_), asio::detached);
}

void sweep_play::see(const simulator::happening& h)
{
    const auto* taken = std::get_if<simulator::action_taken>(&h.what);
    if (taken == nullptr || taken->sms == nullptr)
        return;
    log_.notes.push_back({.kind = sweep_note::arrived,
                          .at = h.at,
                          .session = taken->sms->session,
                          .text = taken->sms->text,
                          .answer = taken->sms->answer,
                          .recipient = taken->sms->recipient});
}

sweep_log sweep_play::run()
{
    log_.rest.hears_gaps = plan_.role == sweep_role::client;
    // What is known of an answer by HTTP is only whether all of it got out.
    log_.rest.knows_unwritten = plan_.role != sweep_role::http;
    auto s = plan_.scenario;
    // So long that the SMS of the last step are settled while steps are still counted.
    s.linger = 40s;
    play(std::move(s));
    start_side();
    if (plan_.role != sweep_role::client)
        asio::co_spawn(*io_, dial_in(this), asio::detached);
    play_to_end();
    failures_ = failed_checks(service_->record());
    if (!meddled_)
        call_again();
    finish();
    log_.rest.reached = !plan_.trouble || point_.reached();
    return std::move(log_);
}

void sweep_play::play_to_end()
{
    run_until(*io_, time_, 1h,
              [this] { return over_ || log_.rest.walked_away || (meddled_ && side_->finished); });
}

void sweep_play::call_again()
{
    point_.rest();
    if (!over_)
        log_.rest.new_call.emplace_back("the first play did not come to its end");
    auto again = simulator::read_scenario(new_call, "new call");
    play(std::move(*again));
    if (!run_until(*io_, time_, 2h, [this] { return over_; }))
        log_.rest.new_call.emplace_back("it did not come to its end");
    for (auto& text : failed_checks(service_->record()))
        log_.rest.new_call.push_back(std::move(text));
}

void sweep_play::finish()
{
    point_.rest();
    dialling_ = false;
    if (log_.rest.walked_away) {
        destroy();
        log_.rest.sleepers = time_.sleepers();
        return;
    }
    if (!meddled_)
        side_->stop();
    log_.rest.finished =
        run_until(*io_, time_, 40s, [this] { return side_->finished.has_value(); });
    service_->stop();
    run_for(*io_, time_, 30s);
    take_stock();
}

void sweep_play::take_stock()
{
    auto& home = side_->home();
    log_.rest.sessions = home.snapshot();
    log_.rest.sms = home.sms().statistics();
    log_.rest.sleepers = time_.sleepers();
    log_.rest.work_left = !io_->stopped();
}

}  // namespace aiflow::test

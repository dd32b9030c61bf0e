#include "fault.hpp"

namespace aiflow::test {

namespace {

constexpr std::array<std::string_view, step_kinds> kind_names{
    "dial", "read", "write", "ping", "pong", "close", "put", "load", "step"};

bool lasts(fault_way w) noexcept
{
    return w == fault_way::pongs_lost || w == fault_way::disk_keeps_failing;
}

}  // namespace

std::string_view to_string(step_kind k) noexcept
{
    return kind_names[static_cast<std::size_t>(k)];
}

std::string_view to_string(fault_way w) noexcept
{
    switch (w) {
    case fault_way::no_host:
        return "no such host";
    case fault_way::refused:
        return "refused";
    case fault_way::bad_certificate:
        return "bad certificate";
    case fault_way::http_status:
        return "HTTP status";
    case fault_way::bad_upgrade:
        return "bad upgrade";
    case fault_way::dial_timeout:
        return "timeout";
    case fault_way::data_lost:
        return "lost with data";
    case fault_way::reset:
        return "reset";
    case fault_way::half_close:
        return "half-closed";
    case fault_way::peer_closes:
        return "peer closes";
    case fault_way::binary:
        return "binary message";
    case fault_way::connection_cut:
        return "last message, then silence";
    case fault_way::nothing_written:
        return "nothing written";
    case fault_way::cut_in_middle:
        return "cut in the middle";
    case fault_way::part_written:
        return "part written";
    case fault_way::all_written:
        return "all written, error reported";
    case fault_way::black_hole:
        return "black hole";
    case fault_way::cut_after:
        return "cut after one text";
    case fault_way::stall:
        return "stalls";
    case fault_way::pause:
        return "pauses";
    case fault_way::peer_mute:
        return "peer goes mute";
    case fault_way::pong_lost:
        return "pong lost";
    case fault_way::pongs_lost:
        return "pongs lost from here on";
    case fault_way::close_ignored:
        return "never answered";
    case fault_way::close_breaks:
        return "breaks";
    case fault_way::disk_fails:
        return "fails";
    case fault_way::disk_full:
        return "disk full";
    case fault_way::disk_keeps_failing:
        return "fails from here on";
    case fault_way::disk_throws:
        return "throws";
    case fault_way::disk_slow:
        return "slow";
    case fault_way::stop:
        return "stop";
    case fault_way::stop_twice:
        return "stop twice";
    case fault_way::abort:
        return "abort";
    case fault_way::walk_away:
        return "everything destroyed";
    }
    return "";
}

std::string to_string(const fault& f)
{
    std::string text(to_string(f.at));
    text += " " + std::to_string(f.nth) + ": ";
    text += to_string(f.how);
    if (f.code)
        text += " " + std::to_string(f.code);
    return text;
}

std::vector<fault> faults_at(step_kind k)
{
    using enum fault_way;
    switch (k) {
    case step_kind::dial:
        return {{k, no_host},          {k, refused},          {k, bad_certificate},
                {k, http_status, 401}, {k, http_status, 429}, {k, http_status, 503},
                {k, bad_upgrade},      {k, dial_timeout}};
    case step_kind::read:
        return {{k, data_lost},         {k, reset},
                {k, half_close},        {k, peer_closes, 1000},
                {k, peer_closes, 1001}, {k, peer_closes, 1011},
                {k, peer_closes, 4000}, {k, binary},
                {k, connection_cut}};
    case step_kind::write:
        return {{k, nothing_written}, {k, cut_in_middle}, {k, part_written}, {k, all_written},
                {k, black_hole},      {k, cut_after},     {k, stall},        {k, pause}};
    case step_kind::ping:
        return {{k, peer_mute}};
    case step_kind::pong:
        return {{k, pong_lost}, {k, pongs_lost}};
    case step_kind::close:
        return {{k, close_ignored}, {k, close_breaks}};
    case step_kind::put:
        return {{k, disk_fails},
                {k, disk_full},
                {k, disk_keeps_failing},
                {k, disk_throws},
                {k, disk_slow}};
    case step_kind::load:
        return {{k, disk_fails}};
    case step_kind::any:
        return {{k, stop}, {k, stop_twice}, {k, abort}, {k, walk_away}};
    }
    return {};
}

std::optional<fault> fault_point::step(step_kind k)
{
    if (resting_)
        return std::nullopt;
    ++counts_[static_cast<std::size_t>(k)];
    ++counts_[static_cast<std::size_t>(step_kind::any)];
    if (is_due(step_kind::any))
        on_any(fault_->how);
    return is_due(k) ? fault_ : std::nullopt;
}

bool fault_point::is_due(step_kind k)
{
    if (!fault_ || fault_->at != k)
        return false;
    const bool due = count(k) == fault_->nth || (lasts(fault_->how) && count(k) > fault_->nth);
    reached_ = reached_ || due;
    return due;
}

}  // namespace aiflow::test

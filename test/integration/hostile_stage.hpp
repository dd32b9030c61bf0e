#pragma once

#include "hostile_script.hpp"
#include "scripted_handler.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace aiflow::test::hostile {

/// Where scripts are played: moves virtual time, and lets everything that was sent arrive first,
/// so that nothing depends on how fast the kernel is.
class stage {
public:
    /// `meanwhile` is called at least every five seconds of virtual time, before it moves on.
    stage(loopback& net, std::function<void()> meanwhile);

    std::vector<raw_peer> peers;

    /// Everybody does each step before anybody does the next one. Who has been dropped does no
    /// more.
    void play(const peer_script& s);

    void pass(clock::duration span);

    /// Until `end`, which must not have passed yet.
    void pass_until(clock::time_point end);

private:
    void let_arrive();

    loopback& net_;
    std::function<void()> meanwhile_;
    asio::ip::tcp::socket near_;
    asio::ip::tcp::socket far_;
};

/// Whether a line of the log holds `text`.
bool says(const std::vector<std::string>& log, std::string_view text);

/// Whether the log holds neither the token nor a whole number nor a control character.
bool is_clean(const std::vector<std::string>& log);

/// The bot of both sides: answers every event with "after ...", and texts a caller who says
/// "text me".
asio::awaitable<void> answer(scripted_handler& h, std::string what);

/// The secret that must not get out.
inline constexpr const char* token = "s3cret";

}  // namespace aiflow::test::hostile

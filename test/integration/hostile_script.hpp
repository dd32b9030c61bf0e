#pragma once

#include "aiflow/backoff.hpp"
#include "aiflow/error.hpp"
#include "raw_peer.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aiflow::test::hostile {

using namespace std::chrono_literals;

/// What a misbehaving peer does, step by step. Built by chaining:
/// `peer_script().says(x).half_closes()`.
class peer_script {
public:
    struct step {
        std::function<void(raw_peer&, loopback&)> act;  ///< none: only time passes
        clock::duration wait = 0s;                      ///< virtual
    };

    peer_script& says(std::string bytes);
    /// One byte a second.
    peer_script& says_slowly(std::string_view bytes);
    /// Waits until these bytes came, unmasked; a check fails when they never do.
    peer_script& hears(std::string bytes);
    /// As a server: a right answer with further header lines, and `behind` in the same segment.
    peer_script& accepts(std::string headers, std::string behind);
    peer_script& waits(clock::duration span);
    /// What was heard so far is not heard again.
    peer_script& forgets();
    peer_script& stops_reading();
    peer_script& half_closes();
    peer_script& closes();
    peer_script& resets();
    /// All of the above again, until it was done `count` times.
    peer_script& repeated(unsigned count);

    const std::vector<step>& steps() const noexcept { return steps_; }

private:
    peer_script& add(std::function<void(raw_peer&, loopback&)> act);

    std::vector<step> steps_;
};

/// Which side the peer plays.
enum class role : unsigned char { client, server };

/// A frame as that side has to send it.
std::string frame_of(role who, unsigned char first_byte, std::string_view payload);
inline std::string text_of(role who, std::string_view text)
{
    return frame_of(who, text_frame, text);
}

/// When a client has to try again.
struct retry {
    clock::duration least = 0s;
    clock::duration most = 1s;
};
inline constexpr retry soon{};
/// Somebody has to mend something.
inline constexpr retry slowly{24s, 36s};

/// What has to become of a peer, beside what must hold of all of them (see the runners).
struct verdict {
    /// How its connection, or its handshake, has to end for us; none: it is left alone.
    std::optional<error_code> ends;
    bool tls_fails = false;            ///< instead of `ends`: by an error of OpenSSL's
    unsigned http_status = 0;          ///< of the refusal, ours or the peer's
    std::optional<unsigned> we_close;  ///< the code of the close frame that it has to get
    unsigned it_closed = 0;            ///< the code of its own that has to be reported
    clock::duration at = 0s;           ///< virtual time since its connect, to the millisecond
    retry again = soon;                ///< of a client
    std::string_view log = {};         ///< has to be said in a line of the log
    std::string_view unheard = {};     ///< must not have come, for all it tried
};

inline verdict left_alone()
{
    return {};
}

/// Cut off for breaking the protocol, with a close frame.
inline verdict cut_off(error_code why, unsigned code)
{
    verdict v;
    v.ends = why;
    v.we_close = code;
    return v;
}

/// Ended without a close frame. (Nothing here has default arguments: GCC 12 breaks down over such
/// calls in a table.)
inline verdict ended(error_code why, clock::duration at)
{
    verdict v;
    v.ends = why;
    v.at = at;
    return v;
}

/// The same, and the log has to say so.
inline verdict saying(verdict v, std::string_view log)
{
    v.log = log;
    return v;
}

/// What a peer got, with the masks taken off: of each whole frame the first byte and the payload.
/// HTTP is left as it is.
std::string unmasked(std::string_view received);

/// The code of the first close frame in what a peer got: 1005 when it has none.
std::optional<unsigned> close_code_in(std::string_view received);

/// What a process holds, to be compared.
struct footprint {
    std::ptrdiff_t descriptors = 0;
    std::size_t heap = 0;

    static footprint now();
};

/// More than this is no scatter of caches and buffers.
inline constexpr std::size_t heap_scatter = std::size_t{1} << 20U;

}  // namespace aiflow::test::hostile

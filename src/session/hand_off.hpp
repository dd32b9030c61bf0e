#pragma once

#include "sms/sms_sender.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace aiflow {

/// Proof that the peer has what was written (RFC 6455 5.5.2, 5.5.3).
///
/// A ping goes out behind the frames of a batch; its pong says that the peer's WebSocket layer has
/// read all that came before it. Decides only: the connection writes and reads.
class hand_off {
public:
    /// The payload of the next ping, valid until the next call. `behind` are the attempts that its
    /// pong will prove; none for a ping that only asks whether anybody is there.
    std::string_view ping(std::vector<sms_attempt_key> behind);

    /// The attempts that this pong proves, in the order in which they were written. A payload that
    /// is not of an outstanding ping proves nothing.
    std::vector<sms_attempt_key> pong(std::string_view payload);

    /// How many pings may prove something; of more, the oldest are forgotten, so that their
    /// attempts stay without proof.
    static constexpr std::size_t most_outstanding = 1024;
    std::size_t outstanding() const noexcept { return pings_.size(); }

private:
    struct sent {
        std::uint64_t number;
        std::vector<sms_attempt_key> behind;
    };

    std::uint64_t last_ = 0;
    std::string payload_;
    std::vector<sent> pings_;
};

}  // namespace aiflow

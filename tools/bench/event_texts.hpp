#pragma once

#include "aiflow/event.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace aiflow::bench {

/// The size that an event of a call has in real life, and here.
inline constexpr std::size_t event_bytes = 258;

/// Session ids end with 12 digits: this much more than the call's number.
inline constexpr std::uint64_t first_number = 100'000'000'000;

std::string session_id_of(std::uint64_t call);

/// An event of call 0 as the service would send it. `size`: made so long by a longer account id;
/// 0 leaves it as it is. Throws `logic_error` when it is longer already.
std::string event_text(const event& e, std::size_t size = 0);

std::string question_text();        ///< `user_speak` of `event_bytes`
std::string short_question_text();  ///< `user_speak` of another size than all others
std::string session_start_text();
std::string session_end_text();

/// A frame that is made once; only the number of the call is put in each time.
class numbered_frame {
public:
    /// `text`: of call 0. The number goes wherever its digits are.
    numbered_frame(std::string_view text, bool masked);

    void append_to(std::string& out, std::uint64_t call) const;

private:
    std::string frame_;
    std::size_t payload_ = 0;          ///< where it begins
    std::vector<std::size_t> places_;  ///< of the digits, in the frame
    bool masked_;
};

}  // namespace aiflow::bench

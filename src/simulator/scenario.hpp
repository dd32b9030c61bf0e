#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

/// What a scenario file says, as plain values. The file's format: docs/simulator.md.
namespace aiflow::simulator {

/// The caller finishes a turn: `user_speak`.
struct say_step {
    std::string text;
    bool barged_in = false;
};

/// The caller presses keys: one `dtmf_received` each.
struct press_step {
    std::string keys;
};

/// The caller begins to speak: `user_speech_started`.
struct speech_started_step {};

/// The caller stays silent for too long: `user_input_timeout`.
struct timeout_step {};

/// A message as it stands, valid or not; `$session` is replaced by the call's session id.
struct raw_step {
    std::string text;
};

struct wait_step {
    std::chrono::milliseconds time{0};
};

/// Waits for an action, which may have come already; or makes sure that none comes.
struct expect_step {
    std::string type;  ///< the wire's name of the action
    std::string text;  ///< has to occur in what is said or texted, ignoring ASCII case
    std::string to;    ///< recipient of an SMS or target of a transfer; "caller" is the caller
    std::chrono::milliseconds within{5'000};
    bool none = false;  ///< no such action may come within that time
};

/// The caller hangs up: `session_end`.
struct hang_up_step {
    std::string reason;
};

enum class cut_kind : unsigned char { close, reset, silence, half_close };

/// The call's connection is lost, with every other call on it.
struct cut_step {
    cut_kind kind = cut_kind::close;
    std::uint16_t code = 1001;  ///< of `close`
    std::string reason;
    std::chrono::milliseconds time{60'000};  ///< how long a `silence` lasts before the reset
};

/// A second `session_start` with the same id, as after a transfer that failed.
struct resume_step {};

using step_action = std::variant<say_step, press_step, speech_started_step, timeout_step, raw_step,
                                 wait_step, expect_step, hang_up_step, cut_step, resume_step>;

struct scenario_step {
    step_action what;
    std::size_t line = 0;  ///< in the file, for messages
};

/// What one or more `send_sms` meet.
struct sms_answer {
    bool fails = false;                    ///< an `sms_failed` is sent; otherwise nothing is
    std::string reason;                    ///< of the failure, documented or not; may be empty
    std::chrono::milliseconds after{0};    ///< from the `send_sms` to the answer
    std::string message;                   ///< the technical detail
    std::optional<std::string> recipient;  ///< instead of the number; empty: no recipient at all
    std::string raw;                       ///< sent instead of an `sms_failed`, if not empty
    unsigned copies = 1;                   ///< how often the answer is sent
    unsigned sends = 1;                    ///< how many `send_sms` meet this answer
};

/// The answers in the order of the sends, and what every send after them meets.
struct sms_plan {
    std::vector<sms_answer> answers;
    sms_answer otherwise;
};

/// Calls of one kind.
struct call_plan {
    std::string label;  ///< "call 3" by default
    unsigned count = 1;
    std::chrono::milliseconds start{0};  ///< of the first copy, from the first connection
    std::chrono::milliseconds every{0};  ///< between two copies
    std::string from = "4915112345678";  ///< copy n has this number plus n - 1
    std::string to = "4921155501234";
    std::string direction = "inbound";
    std::string account = "account-123";
    std::chrono::milliseconds return_within{30'000};  ///< for a connection after one was lost
    bool transfer_fails = false;
    std::chrono::milliseconds transfer_after{2'000};  ///< until a transfer fails
    std::optional<sms_plan> sms;                      ///< instead of the scenario's
    std::vector<scenario_step> steps;
    std::size_t line = 0;
};

/// How the service speaks what a bot tells it to say.
struct speech_plan {
    double characters_per_second = 15.0;
    bool assistant_speak = true;  ///< some voices never send it (protocol.md 3.6)
    bool assistant_speech_ended = true;
};

/// Which connection a new call is given.
enum class placement : unsigned char {
    first,   ///< the first one that is open
    spread,  ///< each in its turn
    own      ///< one that no other call has had: a call waits for it
};

/// Frames that are expected for one call, or for each one.
struct sms_expectation {
    std::optional<std::size_t> call;  ///< from 1; every call when absent
    std::string to;                   ///< "caller", a number, or empty: all together
    std::size_t least = 0;
    std::size_t most = 0;
    std::size_t line = 0;
};

struct end_expectations {
    std::optional<std::size_t> calls_finished;  ///< all, when absent
    std::size_t invalid_actions = 0;
    std::optional<std::size_t> late_actions;
    std::optional<std::size_t> sms_frames;
    std::optional<std::size_t> connections;
    std::vector<sms_expectation> sms;
};

struct scenario {
    std::string name;
    std::string description;
    unsigned wait_for_connections = 1;
    placement calls_on = placement::first;
    std::chrono::milliseconds linger{0};  ///< after the last call, before connections are closed
    speech_plan speech;
    sms_plan sms;
    std::vector<call_plan> calls;
    end_expectations expect;

    std::size_t call_count() const noexcept
    {
        std::size_t sum = 0;
        for (const call_plan& c : calls)
            sum += c.count;
        return sum;
    }
};

}  // namespace aiflow::simulator

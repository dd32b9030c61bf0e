#pragma once

#include "bench/figures.hpp"

#include <cstdint>
#include <deque>
#include <optional>
#include <string_view>

namespace aiflow::bench {

/// Reads which call an answer is for.
class answer_reader {
public:
    /// `names_session`: whether the application's answers say it. Those of the bare loop, which has
    /// parsed nothing, do not.
    explicit answer_reader(bool names_session) : names_session_(names_session) {}

    /// Nothing when answers do not say it.
    /// Throws `runtime_error` when it is not a `speak` (or what `type` names) of a call.
    std::optional<std::uint64_t> call_of(std::string_view answer, std::string_view type = "speak");

private:
    bool names_session_;
    std::size_t at_ = 0;  ///< where the id was the last time
};

/// The questions on one connection that have no answer yet.
class open_questions {
public:
    void asked(std::uint64_t call, steady::time_point when) { open_.push_back({call, when}); }

    struct question {
        std::uint64_t call;
        steady::time_point asked;
    };

    /// The question that an answer read at `read` is for: the oldest one, of `call` if that is
    /// known. One that was asked at that moment is not, since it is still to be written.
    /// Throws `runtime_error` when there is none, so that a second answer to a question is noticed.
    question answered(std::optional<std::uint64_t> call, steady::time_point read);

    bool empty() const noexcept { return open_.empty(); }
    std::size_t size() const noexcept { return open_.size(); }

private:
    std::deque<question> open_;
};

}  // namespace aiflow::bench

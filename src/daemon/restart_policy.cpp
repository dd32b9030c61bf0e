#include "daemon/restart_policy.hpp"

#include <algorithm>

namespace aiflow {

namespace {

constexpr std::chrono::seconds reset_after{30};
constexpr double jitter = 0.2;

}  // namespace

clock::duration restart_policy::next(clock::duration lived)
{
    const bool anew = delay_.count() == 0 || lived >= reset_after;
    delay_ = std::clamp(anew ? initial_ : delay_ * 2, std::min(initial_, max_), max_);
    const std::chrono::duration<double, std::milli> spread =
        delay_ * std::uniform_real_distribution(1 - jitter, 1 + jitter)(random_);
    return std::chrono::duration_cast<clock::duration>(spread);
}

}  // namespace aiflow

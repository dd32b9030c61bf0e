#pragma once

#include "simulator/scenario.hpp"

#include <cstddef>

namespace aiflow::simulator {

/// Decides what each `send_sms` meets: the plan's answers in order, then `otherwise`.
/// Lifetime: the plan must outlive it.
class sms_desk {
public:
    explicit sms_desk(const sms_plan& plan) : plan_(plan) {}

    const sms_answer& next()
    {
        while (at_ < plan_.answers.size() && used_ == plan_.answers[at_].sends) {
            ++at_;
            used_ = 0;
        }
        if (at_ == plan_.answers.size())
            return plan_.otherwise;
        ++used_;
        return plan_.answers[at_];
    }

private:
    const sms_plan& plan_;
    std::size_t at_ = 0;
    unsigned used_ = 0;  // sends that met the answer at `at_`
};

}  // namespace aiflow::simulator

#pragma once

#include "aiflow/memory_outbox.hpp"
#include "session/dispatcher.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <cstdint>
#include <memory>
#include <random>

namespace aiflow {

/// What a client and a listener have in common: the sessions, and where their SMS are kept.
struct service_home {
    /// `Options`: of either.
    template <class Options>
    service_home(const asio::any_io_executor& executor, const Options& o)
        : time(o.time ? *o.time : real_clock()), seed(o.seed ? *o.seed : random_seed()),
          own_store(o.store ? nullptr : std::make_unique<memory_outbox>()),
          sessions(std::make_shared<dispatcher>(executor, time, o.log, o.sessions,
                                                o.store ? *o.store : *own_store, seed))
    {
    }

    clock& time;
    const std::uint64_t seed;
    std::unique_ptr<memory_outbox> own_store;
    std::shared_ptr<dispatcher> sessions;

private:
    static std::uint64_t random_seed()
    {
        std::random_device device;
        return (std::uint64_t{device()} << 32) | device();
    }
};

}  // namespace aiflow

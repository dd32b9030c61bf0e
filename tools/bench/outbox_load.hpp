#pragma once

#include <chrono>
#include <cstddef>
#include <string>

namespace aiflow::bench {

/// How fast one thread can write 4 KiB and wait until they are durable, in `directory`.
double syncs_per_second(const std::string& directory, std::chrono::milliseconds span);

struct outbox_figures {
    double accepted_per_second = 0;
    std::chrono::duration<double, std::micro> median{};  ///< from handed over to durable
    std::chrono::duration<double, std::micro> p99{};
};

/// How fast an outbox in `directory`, made anew, takes messages, `in_flight` at a time.
outbox_figures accept_messages(const std::string& directory, std::size_t in_flight,
                               std::size_t messages);

/// How long it takes to open an outbox with `rows` open messages and read them.
std::chrono::duration<double> open_with(const std::string& directory, std::size_t rows);

}  // namespace aiflow::bench

#pragma once

#include "aiflow/outbox.hpp"
#include "fuzz_input.hpp"

#include <filesystem>
#include <string>

namespace aiflow::test {

/// The files of an outbox in a directory of their own, which is removed at the end.
class damaged_outbox {
public:
    /// Makes the files that every damage begins with: the same in every run, some of what they hold
    /// still in SQLite's log.
    damaged_outbox();
    ~damaged_outbox();
    damaged_outbox(const damaged_outbox&) = delete;
    damaged_outbox& operator=(const damaged_outbox&) = delete;

    /// Puts them back, then damages them: the input names columns, then places, and what becomes
    /// of them.
    void damage(fuzz_input& in);

    std::string directory() const { return (home_ / "outbox").string(); }

private:
    void change_values(fuzz_input& in, unsigned changes) const;
    std::filesystem::path file() const { return home_ / "outbox" / "outbox.sqlite"; }
    std::filesystem::path log_file() const { return home_ / "outbox" / "outbox.sqlite-wal"; }

    std::filesystem::path home_;
    std::string database_;
    std::string log_;
};

/// A message in this state. The same number makes the same record.
sms_record record_of(std::uint64_t id, sms_state state);

}  // namespace aiflow::test

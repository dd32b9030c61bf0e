#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// What the daemon says, as people read it. Everything that comes out is free of control
/// characters.

/// "14:03:22" for a time of today, else "2026-03-01 14:03"; on the clock of this machine. What is
/// no time of RFC 3339 in UTC comes back as it is.
std::string local_time(std::string_view utc);

/// "14:03:22.123", of whichever day.
std::string local_moment(std::string_view utc);

/// "3d 4h", "2h 5m", "12s" or "340ms": the two largest units.
std::string readable_duration(std::int64_t ms);

/// "12.5 MiB", "340 bytes".
std::string readable_bytes(std::uint64_t bytes);

/// "waiting_retry" as "waiting retry".
std::string words(std::string_view name);

/// One member of an answer in words; empty when it is absent or null.
std::string text_of(const boost::json::object& o, std::string_view member);

/// Why an SMS is in its state; empty when its reason is that of an earlier attempt.
std::string reason_of(const boost::json::object& sms);

/// A value that stands under `name`, which tells its unit.
std::string readable(std::string_view name, const boost::json::value& v);

/// Lines whose columns line up.
class text_table {
public:
    explicit text_table(std::vector<std::string> heads);

    void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }

    /// With a line of heads; each line begins with `indent`.
    std::string text(std::string_view indent = {}) const;

private:
    std::vector<std::vector<std::string>> rows_;
};

/// Members of an object one below the other, those that are objects or arrays of them indented.
std::string outline(const boost::json::object& o, std::size_t indent = 0);

/// JSON with a line for each member.
std::string pretty(const boost::json::value& v);

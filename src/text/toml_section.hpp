#pragma once

#include "text/file_problem.hpp"

#include <toml++/toml.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace aiflow {

/// One table of a file: gives its values with the type and range that they must have, and
/// notes a problem for each that has not, and for every key that is not among `known`.
class toml_section {
public:
    toml_section(const toml::table& table, std::string path,
                 std::span<const std::string_view> known, file_problems& problems);

    bool has(std::string_view key) const { return table_.contains(key); }
    std::size_t line() const { return table_.source().begin.line; }

    /// Of the value at `key`, or of the table itself when there is none.
    std::size_t line_of(std::string_view key) const;

    const std::string& path() const noexcept { return path_; }

    // Absent keys leave the target alone.
    void read(std::string_view key, std::string& target) const;
    void read(std::string_view key, bool& target) const;
    void read(std::string_view key, std::chrono::milliseconds& target) const;
    void read(std::string_view key, std::chrono::milliseconds& target,
              std::chrono::milliseconds least, std::chrono::milliseconds most) const;
    void read(std::string_view key, double& target, double least, double most) const;

    // Lists: one that has a bad element leaves the target alone.
    void read(std::string_view key, std::vector<std::string>& target) const;
    void read(std::string_view key, std::vector<std::chrono::milliseconds>& target,
              std::chrono::milliseconds least, std::chrono::milliseconds most) const;

    /// The whole number at `key`, or nothing when there is none or it is out of range.
    std::optional<std::int64_t> integer(std::string_view key, std::int64_t least,
                                        std::int64_t most) const;

    /// The place of the text at `key` among `choices`, or nothing.
    std::optional<std::size_t> choice(std::string_view key,
                                      std::span<const std::string_view> choices) const;

    /// The table at `key`, or nothing.
    const toml::table* table(std::string_view key) const;

    /// The tables of the array at `key`; empty when there is none.
    std::vector<const toml::table*> tables(std::string_view key) const;

    /// Notes a problem with the value at `key`, or with the table itself when `key` is empty.
    void complain(std::string_view key, std::string text) const;

    std::string path_of(std::string_view key) const;

private:
    void mistyped(std::string_view key, const toml::node& found, std::string_view wanted) const;
    void complain_at(const toml::node& node, std::string_view key, std::string text) const;
    std::optional<std::chrono::milliseconds> duration(const toml::node& node,
                                                      std::string_view key) const;
    bool within(const toml::node& node, std::string_view key, std::chrono::milliseconds time,
                std::chrono::milliseconds least, std::chrono::milliseconds most) const;

    /// Reads each element of the list at `key` by `read_element(node, its key)`.
    template <class T, class Read>
    void read_list(std::string_view key, std::vector<T>& target, std::string_view wanted,
                   Read read_element) const;

    const toml::table& table_;
    std::string path_;
    file_problems& problems_;
};

/// "`a`, `b` or `c`"
std::string list_of(std::span<const std::string_view> words);

/// The known word that `word` is most like, or nothing when none is near.
std::optional<std::string_view> nearest(std::string_view word,
                                        std::span<const std::string_view> known);

}  // namespace aiflow

#pragma once

#include <string>
#include <string_view>

namespace aiflow {

/// A token or password: cannot be printed by accident and is wiped when it goes (reliability.md
/// S25).
///
/// Thread safety: a value.
class secret {
public:
    secret() = default;
    explicit secret(std::string_view bytes) : bytes_(bytes) {}
    secret(const secret&) = default;
    secret(secret&& other) noexcept;
    secret& operator=(const secret& other);
    secret& operator=(secret&& other) noexcept;
    ~secret();

    bool empty() const noexcept { return bytes_.empty(); }

    /// The bytes themselves, for the one place that writes them to the wire.
    std::string_view reveal() const noexcept { return bytes_; }

    /// Compares in constant time over digests, so that not even the length shows
    /// (reliability.md S7). An empty secret matches nothing.
    bool matches(std::string_view candidate) const;

private:
    void wipe() noexcept;

    std::string bytes_;
};

}  // namespace aiflow

#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace aiflow::test {

/// Ends the run when a promise is broken; the fuzzer keeps the input.
inline void require(bool holds, std::string_view promise, std::string_view what = {})
{
    if (holds)
        return;
    std::fprintf(stderr, "BROKEN: %.*s: %.*s\n", static_cast<int>(promise.size()), promise.data(),
                 static_cast<int>(what.size()), what.data());
    std::abort();
}

inline std::string_view as_text(const std::uint8_t* data, std::size_t size)
{
    return {reinterpret_cast<const char*>(data), size};
}

/// Takes an input apart from its beginning, so that seeds can be written by hand. Behind the end,
/// everything is 0 and empty.
class fuzz_input {
public:
    fuzz_input(const std::uint8_t* data, std::size_t size) : left_(as_text(data, size)) {}

    bool empty() const noexcept { return left_.empty(); }
    std::string_view rest() const noexcept { return left_; }

    std::uint8_t byte()
    {
        if (left_.empty())
            return 0;
        const auto first = static_cast<std::uint8_t>(left_.front());
        left_.remove_prefix(1);
        return first;
    }

    /// From 0 to `count` - 1.
    unsigned below(unsigned count) { return byte() % count; }
    bool flag() { return (byte() & 1U) != 0; }

    std::uint64_t number(unsigned bytes)
    {
        std::uint64_t n = 0;
        for (; bytes > 0; --bytes)
            n = n << 8U | byte();
        return n;
    }

    std::string_view take(std::size_t size)
    {
        const auto taken = left_.substr(0, size);
        left_.remove_prefix(taken.size());
        return taken;
    }

    /// A byte that tells its length, and the text.
    std::string_view text()
    {
        const std::size_t size = byte();
        return take(size);
    }

    /// Up to the end of the line, which is taken as well.
    std::string_view line()
    {
        const auto end = left_.find('\n');
        const auto taken = take(end);
        take(1);
        return taken;
    }

private:
    std::string_view left_;
};

}  // namespace aiflow::test

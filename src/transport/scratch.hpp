#pragma once

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace aiflow {

/// Working memory that is held only while there is something in it, and then serves whoever on the
/// same thread needs some next. So thousands of connections at rest hold none, and what is written
/// to has just been used and is in the caches.
///
/// `T` is a struct with `clear()`, which forgets all that is in it, and `bytes()`, the memory that
/// it has got hold of.
///
/// Thread safety: none; only for plain functions, since a coroutine may go on in another thread.
template <class T>
class scratch {
public:
    bool held() const noexcept { return held_ != nullptr; }

    T& get()
    {
        if (!held_)
            held_ = take();
        return *held_;
    }

    /// Only while held.
    T* operator->() noexcept { return held_.get(); }
    const T* operator->() const noexcept { return held_.get(); }

    /// Nothing in it is needed any more.
    void give_back() noexcept
    {
        if (!held_)
            return;
        auto& spare = spares();
        if (spare.size() < spare.capacity() && held_->bytes() <= kept_bytes) {
            held_->clear();
            spare.push_back(std::move(held_));
        }
        held_.reset();
    }

private:
    // As many as may be in use in one turn, and none that once was large.
    static constexpr std::size_t kept = 64;
    static constexpr std::size_t kept_bytes = std::size_t{64} * 1024;

    static std::vector<std::unique_ptr<T>>& spares()
    {
        static thread_local std::vector<std::unique_ptr<T>> all;
        return all;
    }

    static std::unique_ptr<T> take()
    {
        auto& spare = spares();
        if (spare.empty()) {
            spare.reserve(kept);
            return std::make_unique<T>();
        }
        auto last = std::move(spare.back());
        spare.pop_back();
        return last;
    }

    std::unique_ptr<T> held_;
};

}  // namespace aiflow

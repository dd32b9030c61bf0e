#pragma once

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace aiflow {

/// How many pieces of working memory of a kind a thread keeps: as many as may be in use in one
/// turn. None in a build that looks for memory that is used after it was given back.
#if defined(__SANITIZE_ADDRESS__)
inline constexpr std::size_t usual_spares = 0;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
inline constexpr std::size_t usual_spares = 0;
#else
inline constexpr std::size_t usual_spares = 64;
#endif
#else
inline constexpr std::size_t usual_spares = 64;
#endif

/// Working memory that is held only while there is something in it, and then serves whoever on the
/// same thread needs some next. So thousands of connections at rest hold none, and what is written
/// to has just been used and is in the caches.
///
/// `T` is a struct with `clear()`, which forgets all that is in it, and `bytes()`, the memory that
/// it has got hold of.
///
/// Thread safety: none. It may be held while a coroutine waits, and given back by another thread.
template <class T, std::size_t Spares = usual_spares>
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
        if (!gone_ && held_->bytes() <= kept_bytes) {
            auto& spare = spares().all;
            if (spare.size() < Spares) {
                held_->clear();
                spare.push_back(std::move(held_));
            }
        }
        held_.reset();
    }

private:
    // What once was large is not kept for good.
    static constexpr std::size_t kept_bytes = std::size_t{64} * 1024;

    struct list {
        list() { all.reserve(Spares); }
        list(const list&) = delete;
        list& operator=(const list&) = delete;
        ~list() { gone_ = true; }

        std::vector<std::unique_ptr<T>> all;
    };

    static list& spares()
    {
        static thread_local list all;
        return all;
    }

    static std::unique_ptr<T> take()
    {
        if (gone_)
            return std::make_unique<T>();
        auto& spare = spares().all;
        if (spare.empty())
            return std::make_unique<T>();
        auto last = std::move(spare.back());
        spare.pop_back();
        return last;
    }

    // Whoever is destroyed after the list, as a static service is, goes without it.
    inline static thread_local bool gone_ = false;

    std::unique_ptr<T> held_;
};

}  // namespace aiflow

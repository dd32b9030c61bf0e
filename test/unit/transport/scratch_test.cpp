#include "transport/scratch.hpp"

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <string>
#include <thread>
#include <vector>

using namespace aiflow;

namespace {

// Of its own type in each test, since spares are of a type.
template <int>
struct note {
    std::string text;

    void clear() noexcept { text.clear(); }
    std::size_t bytes() const noexcept { return text.capacity(); }
};

constexpr std::size_t spares = 8;

template <int N>
using notes = scratch<note<N>, spares>;

// Is destroyed after the spares if it is made before them.
struct left_over {
    notes<7> s;
    bool* told = nullptr;

    left_over() = default;
    left_over(const left_over&) = delete;
    left_over& operator=(const left_over&) = delete;
    ~left_over()
    {
        s.give_back();
        s.get().text = "words";
        *told = s->text == "words";
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(scratch_)

BOOST_AUTO_TEST_CASE(holds_nothing_before_it_is_used_and_after_it_is_given_back)
{
    notes<1> s;
    BOOST_TEST(!s.held());
    s.get().text = "words";
    BOOST_TEST(s.held());
    BOOST_TEST(s->text == "words");
    s.give_back();
    BOOST_TEST(!s.held());
    s.give_back();
    BOOST_TEST(!s.held());
}

BOOST_AUTO_TEST_CASE(the_next_one_gets_the_memory_but_not_what_was_in_it)
{
    notes<2> first;
    first.get().text.assign(1000, 'x');
    const auto* const memory = static_cast<const void*>(first->text.data());
    first.give_back();
    notes<2> second;
    BOOST_TEST(second.get().text == "");
    second->text.assign(1000, 'y');
    BOOST_TEST(static_cast<const void*>(second->text.data()) == memory);
}

BOOST_AUTO_TEST_CASE(two_that_are_held_at_once_share_nothing)
{
    notes<3> a;
    notes<3> b;
    a.get().text = "a";
    b.get().text = "b";
    BOOST_TEST(a->text == "a");
    a.give_back();
    BOOST_TEST(b->text == "b");
}

BOOST_AUTO_TEST_CASE(what_once_was_large_is_not_kept)
{
    constexpr std::size_t large = std::size_t{1024} * 1024;
    notes<4> s;
    s.get().text.assign(large, 'x');
    s.give_back();
    BOOST_TEST(s.get().text.capacity() < large);
}

BOOST_AUTO_TEST_CASE(a_surge_leaves_a_bounded_number_of_spares)
{
    constexpr std::size_t surge = 3 * spares;
    constexpr std::size_t size = 1000;
    const auto with_memory = [](const auto& all) {
        std::size_t n = 0;
        for (const auto& s : all)
            n += s->text.capacity() >= size ? 1U : 0U;
        return n;
    };
    std::vector<notes<5>> all(surge);
    for (auto& s : all)
        s.get().text.assign(size, 'x');
    BOOST_TEST(with_memory(all) == surge);
    for (auto& s : all)
        s.give_back();
    for (auto& s : all)
        s.get();
    BOOST_TEST(with_memory(all) == spares);
}

BOOST_AUTO_TEST_CASE(each_thread_has_its_own_spares)
{
    constexpr std::size_t size = 1000;
    notes<6> here;
    here.get().text.assign(size, 'x');
    here.give_back();
    std::size_t there = size;
    std::thread([&there] {
        notes<6> s;
        there = s.get().text.capacity();
    }).join();
    BOOST_TEST(there < size);
    BOOST_TEST(here.get().text.capacity() >= size);
}

BOOST_AUTO_TEST_CASE(may_be_given_back_by_another_thread)
{
    notes<8> s;
    s.get().text = "words";
    std::thread([&s] { s.give_back(); }).join();
    BOOST_TEST(!s.held());
}

// Seen by the address sanitizer, if at all.
BOOST_AUTO_TEST_CASE(can_be_used_when_the_spares_of_a_thread_are_gone)
{
    bool told = false;
    std::thread([&told] {
        static thread_local left_over last;
        last.told = &told;
        last.s.get().text.assign(1000, 'x');
    }).join();
    BOOST_TEST(told);
}

BOOST_AUTO_TEST_SUITE_END()

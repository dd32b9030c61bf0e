#include "aiflow/codec.hpp"

#include "samples.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <new>

namespace {

std::size_t allocations = 0;

void* counted(std::size_t size)
{
    ++allocations;
    if (void* memory = std::malloc(size == 0 ? 1 : size))
        return memory;
    throw std::bad_alloc();
}

}  // namespace

void* operator new(std::size_t size)
{
    return counted(size);
}

void* operator new[](std::size_t size)
{
    return counted(size);
}

void operator delete(void* memory) noexcept
{
    std::free(memory);
}

void operator delete[](void* memory) noexcept
{
    std::free(memory);
}

void operator delete(void* memory, std::size_t) noexcept
{
    std::free(memory);
}

void operator delete[](void* memory, std::size_t) noexcept
{
    std::free(memory);
}

namespace aiflow::test {
namespace {

std::size_t allocations_of_second_decode(const std::string& json)
{
    event_decoder decoder;
    decoder.decode(json);
    const auto before = allocations;
    const auto message = decoder.decode(json);
    const auto used = allocations - before;
    BOOST_TEST(!message.events.empty(), json);
    return used;
}

BOOST_AUTO_TEST_SUITE(allocation)

BOOST_AUTO_TEST_CASE(the_count_sees_allocations)
{
    const auto before = allocations;
    const auto text = std::make_unique<std::string>(100, 'a');
    BOOST_TEST(allocations - before >= 2U);
    BOOST_TEST(text->size() == 100U);
}

BOOST_AUTO_TEST_CASE(reading_the_same_again_allocates_nothing)
{
    for (const auto& e : every_event()) {
        std::string json;
        encode(json, {full_session(), e, ""});
        BOOST_TEST(allocations_of_second_decode(json) == 0U, json);
    }
    const std::string session = R"("session":{"id":"550e8400-e29b-41d4-a716-446655440000"}})";
    BOOST_TEST(allocations_of_second_decode(
                   R"({"type":"user_speak","text":"a \"quoted\" and quite long text\n",)" +
                   session) == 0U);
    BOOST_TEST(allocations_of_second_decode(
                   R"({"type":"user_speak","text":"a","confidence":[1,{"a":"b"}],)" + session) ==
               0U);
    BOOST_TEST(allocations_of_second_decode(R"({"type":"a_type_that_nobody_knows",)" + session) ==
               0U);
    BOOST_TEST(allocations_of_second_decode(R"([{"type":"session_start",)" + session +
                                            R"(,{"type":"user_speech_started",)" + session + "]") ==
               0U);
}

BOOST_AUTO_TEST_CASE(other_events_between_cost_nothing_but_long_texts)
{
    event_decoder decoder;
    const std::string session = R"("session":{"id":"550e8400-e29b-41d4-a716-446655440000"}})";
    const std::string messages[] = {
        R"({"type":"user_speech_started",)" + session,
        R"({"type":"user_speak","text":"Yes, please",)" + session,
        R"({"type":"assistant_speech_ended",)" + session,
    };
    for (const auto& json : messages)
        decoder.decode(json);
    const auto before = allocations;
    for (const auto& json : messages)
        decoder.decode(json);
    BOOST_TEST(allocations - before == 0U);
}

BOOST_AUTO_TEST_CASE(writing_into_a_string_that_is_used_again_allocates_nothing)
{
    std::string json;
    for (const auto& a : every_action()) {
        json.clear();
        encode(json, "550e8400-e29b-41d4-a716-446655440000", a);
        json.clear();
        const auto before = allocations;
        encode(json, "550e8400-e29b-41d4-a716-446655440000", a);
        BOOST_TEST(allocations - before == 0U, type_name(a));
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace aiflow::test

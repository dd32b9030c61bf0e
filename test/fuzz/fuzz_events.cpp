// What the service says: any bytes at all. Read without harm; what was read and is written again,
// as the stand-in does, is read as the same.
#include "aiflow/codec.hpp"
#include "fuzz_input.hpp"
#include "protocol/surrogates.hpp"

#include <vector>

using namespace aiflow;
using aiflow::test::require;

namespace {

bool same(const incoming_event& a, const incoming_event& b)
{
    return a.session == b.session && a.event == b.event;
}

void check_event(const incoming_event& e, std::string_view message)
{
    require(!e.session.id.empty(), "an event has a session");
    require(e.raw.empty() || message.find(e.raw) != std::string_view::npos,
            "raw text is a part of the message", e.raw);
    std::string written;
    encode(written, e);
    event_decoder again;
    const auto read = again.decode(written);
    require(read.events.size() == 1 && !read.error, "a written event can be read", written);
    require(same(read.events[0], e), "a written event is read as the same", written);
    std::string twice;
    encode(twice, read.events[0]);
    require(twice == written, "writing is stable", twice);

    // What a handler asks of it.
    static_cast<void>(e.session.human());
    static_cast<void>(e.session.directed());
    static_cast<void>(is_answerable(e.event));
    session_info merged;
    merged.merge(e.session);
    require(merged == e.session, "nothing is lost by merging");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto message = aiflow::test::as_text(data, size);
    // As a connection does: one for many messages. What it keeps must not show in the next one.
    static event_decoder kept;
    const auto read = kept.decode(message);
    const std::vector<incoming_event> events(read.events.begin(), read.events.end());
    require(!events.empty() || read.dropped > 0, "a message is events, or was dropped");
    require((read.dropped > 0) == static_cast<bool>(read.error), "what is dropped has a reason");

    event_decoder fresh;
    const auto other = fresh.decode(message);
    require(std::vector<incoming_event>(other.events.begin(), other.events.end()) == events &&
                other.error == read.error && other.dropped == read.dropped &&
                other.wrong_types == read.wrong_types,
            "a decoder has no memory of other messages");
    // Half a character is replaced before anything is read.
    const auto repaired = without_lone_surrogates(message).value_or(std::string(message));
    for (const auto& e : events)
        check_event(e, repaired);
    return 0;
}

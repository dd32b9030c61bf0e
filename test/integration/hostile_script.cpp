#include "hostile_script.hpp"

#include "open_descriptors.hpp"

#include <boost/test/unit_test.hpp>

#include <malloc.h>

#include <cstdint>
#include <utility>

namespace aiflow::test::hostile {

peer_script& peer_script::add(std::function<void(raw_peer&, loopback&)> act)
{
    steps_.push_back({std::move(act), {}});
    return *this;
}

peer_script& peer_script::says(std::string bytes)
{
    return add([bytes = std::move(bytes)](raw_peer& p, loopback&) { p.send(bytes); });
}

peer_script& peer_script::says_slowly(std::string_view bytes)
{
    for (const char byte : bytes)
        says({&byte, 1}).waits(1s);
    return *this;
}

peer_script& peer_script::hears(std::string bytes)
{
    return add([bytes = std::move(bytes)](raw_peer& p, loopback& net) {
        const auto heard = [&] { return unmasked(p.received()).find(bytes) != std::string::npos; };
        net.until([&] { return heard() || p.ended(); });
        BOOST_TEST(heard(), "the peer has to hear " << bytes);
    });
}

peer_script& peer_script::accepts(std::string headers, std::string behind)
{
    return add([headers = std::move(headers), behind = std::move(behind)](raw_peer& p, loopback&) {
        p.accept_upgrade(behind, headers);
    });
}

peer_script& peer_script::waits(clock::duration span)
{
    steps_.push_back({{}, span});
    return *this;
}

peer_script& peer_script::forgets()
{
    return add([](raw_peer& p, loopback&) { p.forget(); });
}

peer_script& peer_script::stops_reading()
{
    return add([](raw_peer& p, loopback&) { p.stop_reading(); });
}

peer_script& peer_script::half_closes()
{
    return add([](raw_peer& p, loopback&) { p.half_close(); });
}

peer_script& peer_script::closes()
{
    return add([](raw_peer& p, loopback&) { p.close(); });
}

peer_script& peer_script::resets()
{
    return add([](raw_peer& p, loopback&) { p.reset(); });
}

peer_script& peer_script::repeated(unsigned count)
{
    const auto once = steps_;
    for (unsigned i = 1; i < count; ++i)
        steps_.insert(steps_.end(), once.begin(), once.end());
    return *this;
}

std::string frame_of(role who, unsigned char first_byte, std::string_view payload)
{
    return frame(first_byte, payload, who == role::client);
}

namespace {

struct frame_place {
    std::size_t header;
    std::size_t size;  ///< in all; 0 when it is not whole
};

frame_place first_frame(std::string_view bytes)
{
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
    if (bytes.size() < 2)
        return {};
    std::uint64_t length = byte(1) & 0x7fU;
    const std::size_t extended = length == 126 ? 2 : length == 127 ? 8 : 0;
    const std::size_t header = 2 + extended + ((byte(1) & 0x80U) != 0 ? 4 : 0);
    if (bytes.size() < header)
        return {};
    if (extended > 0)
        length = 0;
    for (std::size_t i = 0; i < extended; ++i)
        length = length << 8U | byte(2 + i);
    if (bytes.size() - header < length)
        return {};
    return {header, header + static_cast<std::size_t>(length)};
}

bool is_masked(std::string_view frame)
{
    return (static_cast<unsigned char>(frame[1]) & 0x80U) != 0;
}

// What follows the first byte, for each whole frame.
template <class See>
void each_frame(std::string_view bytes, See see)
{
    for (auto place = first_frame(bytes); place.size > 0; place = first_frame(bytes)) {
        const auto whole = bytes.substr(0, place.size);
        std::string payload(whole.substr(place.header));
        const auto mask = whole.substr(place.header - (is_masked(whole) ? 4 : 0), 4);
        for (std::size_t i = 0; is_masked(whole) && i < payload.size(); ++i)
            payload[i] = static_cast<char>(payload[i] ^ mask[i % 4]);
        see(static_cast<unsigned char>(whole[0]), payload);
        bytes.remove_prefix(place.size);
    }
}

}  // namespace

std::string unmasked(std::string_view received)
{
    if (received.starts_with("HTTP/") || received.starts_with("GET "))
        return std::string(received);
    std::string all;
    each_frame(received, [&](unsigned char first, const std::string& payload) {
        all += static_cast<char>(first);
        all += payload;
    });
    return all;
}

std::optional<unsigned> close_code_in(std::string_view received)
{
    std::optional<unsigned> code;
    each_frame(received, [&](unsigned char first, const std::string& payload) {
        if (first != close_frame || code)
            return;
        code = 1005;
        if (payload.size() >= 2)
            code = static_cast<unsigned>(static_cast<unsigned char>(payload[0])) << 8U |
                   static_cast<unsigned char>(payload[1]);
    });
    return code;
}

footprint footprint::now()
{
    return {open_descriptors(), mallinfo2().uordblks};
}

}  // namespace aiflow::test::hostile

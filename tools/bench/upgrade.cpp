#include "bench/upgrade.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace aiflow::bench {

namespace {

constexpr std::string_view key = "dGhlIHNhbXBsZSBub25jZQ==";  // RFC 6455 1.3

std::string accept_value(std::string_view for_key)
{
    const std::string text = std::string(for_key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    std::array<unsigned char, 20> digest{};
    unsigned size = 0;
    if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha1(), nullptr) != 1)
        throw std::runtime_error("no SHA-1");
    std::array<unsigned char, 29> base64{};
    const int length = EVP_EncodeBlock(base64.data(), digest.data(), static_cast<int>(size));
    return {reinterpret_cast<const char*>(base64.data()), static_cast<std::size_t>(length)};
}

// The value of a header; empty when it is not there.
std::string_view header(std::string_view head, std::string_view name)
{
    const auto same = [](char a, char b) { return (a | 0x20) == (b | 0x20); };
    const auto found = std::search(head.begin(), head.end(), name.begin(), name.end(), same);
    if (found == head.end())
        return {};
    auto value = head.substr(static_cast<std::size_t>(found - head.begin()) + name.size());
    value = value.substr(0, value.find("\r\n"));
    const auto first = value.find_first_not_of(": ");
    return first == std::string_view::npos ? std::string_view() : value.substr(first);
}

}  // namespace

std::string upgrade_request()
{
    return "GET " + std::string(path) +
           " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
           "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " +
           std::string(key) + "\r\n\r\n";
}

std::string wrong_answer(std::string_view head)
{
    if (!head.starts_with("HTTP/1.1 101 "))
        return "the application refused: " + std::string(head.substr(0, head.find("\r\n")));
    if (header(head, "\r\nSec-WebSocket-Accept") != accept_value(key))
        return "the application answered the upgrade with a wrong Sec-WebSocket-Accept";
    return {};
}

std::string answer_upgrade(std::string_view request)
{
    const auto asked = header(request, "\r\nSec-WebSocket-Key");
    if (asked.empty())
        throw std::runtime_error("the application's request asks for no WebSocket");
    return "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
           "Sec-WebSocket-Accept: " +
           accept_value(asked) + "\r\n\r\n";
}

}  // namespace aiflow::bench

#include "transport/handshake_key.hpp"

#include <openssl/evp.h>
#include <openssl/sha.h>

#include <array>

namespace aiflow {
namespace {

const unsigned char* bytes_of(std::string_view s)
{
    return reinterpret_cast<const unsigned char*>(s.data());
}

}  // namespace

std::string accept_for(std::string_view key)
{
    std::string text(key);
    text += "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    std::array<unsigned char, SHA_DIGEST_LENGTH> digest;
    SHA1(bytes_of(text), text.size(), digest.data());
    std::array<unsigned char, 32> encoded;
    const int size =
        EVP_EncodeBlock(encoded.data(), digest.data(), static_cast<int>(digest.size()));
    return {reinterpret_cast<const char*>(encoded.data()), static_cast<std::size_t>(size)};
}

bool is_handshake_key(std::string_view key)
{
    // 16 bytes are 22 characters and two of padding. OpenSSL trims white space, so it is
    // excluded first.
    if (key.size() != 24 || key.substr(22) != "==" || key.find_first_of(" \t=") != 22)
        return false;
    std::array<unsigned char, 18> decoded;
    return EVP_DecodeBlock(decoded.data(), bytes_of(key), static_cast<int>(key.size())) == 18;
}

}  // namespace aiflow

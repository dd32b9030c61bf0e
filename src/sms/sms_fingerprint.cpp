#include "sms/sms_fingerprint.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <charconv>
#include <stdexcept>

namespace aiflow {

namespace {

constexpr std::size_t salt_digits = 16;
constexpr std::size_t hash_bytes = 16;

void append_hex(std::string& out, unsigned char byte)
{
    constexpr std::string_view digits = "0123456789abcdef";
    out += digits[byte >> 4U];
    out += digits[byte & 15U];
}

}  // namespace

std::string sms_fingerprint(std::uint64_t salt, std::string_view recipient, std::string_view text)
{
    std::array<unsigned char, sizeof(salt)> key{};
    for (std::size_t i = 0; i < key.size(); ++i)
        key[i] = static_cast<unsigned char>(salt >> (8U * (key.size() - 1 - i)));

    // The separator is in neither of them: a number has digits, a text no control characters.
    std::string content(recipient);
    content.append(1, '\0').append(text);
    std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
    unsigned length = 0;
    if (!HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
              reinterpret_cast<const unsigned char*>(content.data()), content.size(), hash.data(),
              &length))
        throw std::runtime_error("OpenSSL has no HMAC-SHA-256");

    std::string out;
    out.reserve(salt_digits + 2 * hash_bytes);
    for (const auto byte : key)
        append_hex(out, byte);
    for (std::size_t i = 0; i < hash_bytes; ++i)
        append_hex(out, hash[i]);
    return out;
}

bool fits_fingerprint(std::string_view fingerprint, std::string_view recipient,
                      std::string_view text)
{
    if (fingerprint.size() != salt_digits + 2 * hash_bytes)
        return false;
    std::uint64_t salt = 0;
    const char* const end = fingerprint.data() + salt_digits;
    const auto read = std::from_chars(fingerprint.data(), end, salt, 16);
    if (read.ec != std::errc{} || read.ptr != end)
        return false;
    return sms_fingerprint(salt, recipient, text) == fingerprint;
}

}  // namespace aiflow

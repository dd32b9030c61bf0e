#include "aiflow/secret.hpp"

#include <openssl/crypto.h>
#include <openssl/sha.h>

#include <array>
#include <utility>

namespace aiflow {
namespace {

using digest = std::array<unsigned char, SHA256_DIGEST_LENGTH>;

digest sha256(std::string_view bytes)
{
    digest out;
    SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), out.data());
    return out;
}

}  // namespace

// A short string is copied when it is moved, and its bytes stay behind: the source is wiped.
secret::secret(secret&& other) noexcept : bytes_(std::move(other.bytes_))
{
    other.wipe();
}

secret& secret::operator=(const secret& other)
{
    if (this != &other) {
        wipe();
        bytes_ = other.bytes_;
    }
    return *this;
}

secret& secret::operator=(secret&& other) noexcept
{
    if (this != &other) {
        wipe();
        bytes_ = std::move(other.bytes_);
        other.wipe();
    }
    return *this;
}

secret::~secret()
{
    wipe();
}

bool secret::matches(std::string_view candidate) const
{
    const auto mine = sha256(bytes_);
    const auto theirs = sha256(candidate);
    return CRYPTO_memcmp(mine.data(), theirs.data(), mine.size()) == 0 && !bytes_.empty();
}

void secret::wipe() noexcept
{
    // The capacity, not the size: a moved-from or shortened string still has old bytes there.
    bytes_.resize(bytes_.capacity());
    OPENSSL_cleanse(bytes_.data(), bytes_.size());
    bytes_.clear();
}

}  // namespace aiflow

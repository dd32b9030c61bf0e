#include "daemon/journal_entry.hpp"

#include "daemon/log_text.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace aiflow {
namespace {

constexpr std::size_t value_limit = 8192;
constexpr std::size_t name_limit = 64;  // of the journal
constexpr std::string_view message_field = "MESSAGE=";

constexpr std::array<unsigned char, 16> name_space{0x9d, 0x76, 0x4d, 0x57, 0xaf, 0x1a, 0x4d, 0x4e,
                                                   0x8e, 0xfc, 0x8b, 0x99, 0xbf, 0x3a, 0x4d, 0x2a};

// The journal drops a field whose name has anything but capitals, digits and underscores, begins
// with a digit or an underscore, or is longer than the limit.
std::string field_name(std::string_view name)
{
    std::string out;
    for (const char c : name) {
        if (c >= 'a' && c <= 'z')
            out += static_cast<char>(c - 'a' + 'A');
        else
            out += (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ? c : '_';
    }
    if (out.empty() || out.front() < 'A' || out.front() > 'Z')
        out.insert(0, "FIELD_");
    return out.substr(0, name_limit);
}

void append_little_endian(std::string& out, std::uint64_t number)
{
    for (unsigned shift = 0; shift < 64; shift += 8)
        out += static_cast<char>((number >> shift) & 0xffU);
}

void append_field(std::string& out, std::string_view name, std::string_view value)
{
    value = value.substr(0, value_limit);
    out += name;
    if (value.find('\n') == std::string_view::npos) {
        out.append("=").append(value).append("\n");
        return;
    }
    out += '\n';
    append_little_endian(out, value.size());
    out.append(value).append("\n");
}

}  // namespace

std::string message_id(std::string_view id)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string named(name_space.begin(), name_space.end());
    named += id;
    std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
    EVP_Digest(named.data(), named.size(), hash.data(), nullptr, EVP_sha1(), nullptr);
    hash[6] = static_cast<unsigned char>((hash[6] & 0x0fU) | 0x50U);  // version 5
    hash[8] = static_cast<unsigned char>((hash[8] & 0x3fU) | 0x80U);  // variant of the RFC
    std::string out;
    for (std::size_t i = 0; i < name_space.size(); ++i) {
        out += digits[hash[i] >> 4U];
        out += digits[hash[i] & 0xfU];
    }
    return out;
}

std::string journal_entry(const log_record& r)
{
    std::string out(message_field);
    out.append(message_text(r)).append("\nPRIORITY=");
    out += syslog_priority(r.level);
    out.append("\nSYSLOG_IDENTIFIER=aiflowd\nMESSAGE_ID=").append(message_id(r.id)).append("\n");
    append_field(out, "AIFLOW_ID", r.id);
    for (const auto& f : r.fields)
        append_field(out, field_name(f.name), f.value);
    return out;
}

std::string_view text_of_journal_entry(std::string_view entry) noexcept
{
    entry.remove_prefix(std::min(message_field.size(), entry.size()));
    return entry.substr(0, entry.find('\n'));
}

}  // namespace aiflow

#include "daemon/rule_audio.hpp"

#include "aiflow/log.hpp"
#include "aiflow/wav.hpp"
#include "text/toml_file.hpp"

#include <filesystem>
#include <span>

namespace aiflow {

namespace fs = std::filesystem;

namespace {

// Four minutes; each time it is played, all of it goes over the connection.
constexpr std::uintmax_t max_audio_bytes = std::uintmax_t{8} * 1024 * 1024;

// Reads a whole file; says what is wrong with it. What is no plain file might have no end.
std::optional<std::string> read_bytes(const fs::path& path, std::string& bytes)
{
    std::error_code ec;
    if (!fs::is_regular_file(path, ec))
        return "names no file that is there: " + printable(path.string());
    if (fs::file_size(path, ec) > max_audio_bytes)
        return "is larger than 8 MiB; use a shorter recording";
    auto read = read_text_file(path.string());
    if (read.has_error())
        return "cannot be read: " + printable(path.string());
    bytes = std::move(*read);
    return std::nullopt;
}

}  // namespace

std::optional<rule_audio> read_audio(const toml_section& at, const toml::table& table,
                                     std::string_view key, const std::string& directory,
                                     file_problems& advice)
{
    std::string name;
    at.read(key, name);
    if (!table.get(key)->is_string())
        return std::nullopt;
    std::string bytes;
    if (auto wrong = read_bytes(fs::path(directory) / name, bytes)) {
        at.complain(key, std::move(*wrong));
        return std::nullopt;
    }
    rule_audio audio{wav_to_base64(std::as_bytes(std::span(bytes)))};
    const auto info = inspect_wav_base64(audio.base64);
    if (!info) {
        at.complain(key, info.error().text);
        return std::nullopt;
    }
    audio.duration = info->duration();
    if (const auto doubtful = audio_advice(*info))
        advice.push_back({{}, at.line(), at.path_of(key), doubtful->text});
    return audio;
}

}  // namespace aiflow

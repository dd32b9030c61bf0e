#pragma once

#include "daemon/config.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace aiflow {

/// What a value is, as an operator has to write it.
enum class key_kind : unsigned char {
    text,
    url,
    path,        ///< of a file or directory
    token_file,  ///< a path, or `credential:NAME`
    socket,      ///< a path, or "off"
    choice,      ///< one of a few words
    boolean,
    number,  ///< whole
    bytes,   ///< a whole number of them
    duration,
    texts,
    token_files,
    command,  ///< program and arguments
    durations
};

/// The member of a `daemon_config` that a key is.
using config_slot =
    std::variant<std::string*, std::vector<std::string>*, bool*, std::uint16_t*, unsigned*,
                 std::size_t*, std::chrono::milliseconds*, std::vector<std::chrono::milliseconds>*,
                 service_mode*, handler_type*, log_level*, log_format*>;

/// What a number, or a duration in milliseconds, may be; of a list of texts, how many there may be.
struct key_range {
    std::int64_t least = 0;
    std::int64_t most = 0;
    std::string_view unit = {};  ///< of numbers: "connections"
};

/// When a change takes effect.
enum class key_change : unsigned char { at_reload, at_restart };

/// One key of the file. Its default is what a default-constructed `daemon_config` has in its slot.
struct config_key {
    std::string_view name;  ///< dotted: "listen.port"
    key_kind kind;
    config_slot (*slot)(daemon_config&);
    key_range range;
    key_change change;
    std::string_view text;          ///< one sentence or two
    std::string_view example = {};  ///< as TOML, where the default is empty
    std::string_view needed = {};   ///< when it must be given: "with `mode = \"connect\"`"

    /// "listen", or nothing for a key that is in no section.
    std::string_view section() const noexcept;
    /// "port"
    std::string_view last_name() const noexcept;
};

/// One table of the file.
struct config_section {
    std::string_view name;
    std::string_view text;  ///< a sentence
};

/// Every key in the order of the file and of `daemon_config`: the one truth about them.
std::span<const config_key> config_keys() noexcept;

std::span<const config_section> config_sections() noexcept;

/// Null when there is none of that name.
const config_key* find_config_key(std::string_view name) noexcept;

/// The words of a `choice`; empty for other kinds.
std::span<const std::string_view> choices_of(const config_key& key) noexcept;

/// The value that `config` has for the key, as TOML.
std::string value_text(const config_key& key, const daemon_config& config);

/// The same for the default.
std::string default_text(const config_key& key);

/// `text` between quotation marks, as TOML wants it.
std::string toml_text(std::string_view text);

}  // namespace aiflow

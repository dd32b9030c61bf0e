#include "daemon/config_keys.hpp"

#include "text/duration_text.hpp"

#include <algorithm>
#include <array>

namespace aiflow {

namespace {

using words = std::span<const std::string_view>;

// In the order of the enumerators.
constexpr std::array<std::string_view, 3> mode_words{"listen", "connect", "both"};
constexpr std::array<std::string_view, 3> handler_words{"rules", "pipe", "webhook"};
constexpr std::array<std::string_view, 4> level_words{"debug", "info", "warning", "error"};
constexpr std::array<std::string_view, 4> format_words{"automatic", "text", "json", "journal"};

words words_of(service_mode)
{
    return mode_words;
}
words words_of(handler_type)
{
    return handler_words;
}
words words_of(log_level)
{
    return level_words;
}
words words_of(log_format)
{
    return format_words;
}

struct choices_visitor {
    words operator()(const auto* value) const
    {
        if constexpr (std::is_enum_v<std::remove_cvref_t<decltype(*value)>>)
            return words_of(*value);
        else
            return {};
    }
};

struct text_visitor {
    std::string operator()(const std::string* v) const { return toml_text(*v); }
    std::string operator()(const bool* v) const { return *v ? "true" : "false"; }
    std::string operator()(const std::chrono::milliseconds* v) const
    {
        return toml_text(duration_text(*v));
    }

    template <class T>
    std::string operator()(const std::vector<T>* list) const
    {
        std::string text;
        for (const T& v : *list)
            text += (text.empty() ? "" : ", ") + (*this)(&v);
        return "[" + text + "]";
    }

    std::string operator()(const auto* v) const
    {
        if constexpr (std::is_enum_v<std::remove_cvref_t<decltype(*v)>>)
            return toml_text(words_of(*v)[static_cast<std::size_t>(*v)]);
        else
            return std::to_string(*v);
    }
};

}  // namespace

std::string_view config_key::section() const noexcept
{
    const auto dot = name.find('.');
    return dot == std::string_view::npos ? std::string_view{} : name.substr(0, dot);
}

std::string_view config_key::last_name() const noexcept
{
    return name.substr(name.find('.') + 1);  // npos + 1 is 0
}

const config_key* find_config_key(std::string_view name) noexcept
{
    const auto keys = config_keys();
    const auto found =
        std::find_if(keys.begin(), keys.end(), [&](const auto& k) { return k.name == name; });
    return found == keys.end() ? nullptr : &*found;
}

std::span<const std::string_view> choices_of(const config_key& key) noexcept
{
    daemon_config defaults;
    return std::visit(choices_visitor{}, key.slot(defaults));
}

std::string value_text(const config_key& key, const daemon_config& config)
{
    // A slot can be written to, but a visitor of pointers to const only reads.
    return std::visit(text_visitor{}, key.slot(const_cast<daemon_config&>(config)));
}

std::string default_text(const config_key& key)
{
    return value_text(key, daemon_config{});
}

std::string toml_text(std::string_view text)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string quoted = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\')
            quoted.append({'\\', c});
        else if (byte < 0x20 || byte == 0x7f)
            quoted.append("\\u00").append({digits[byte >> 4], digits[byte & 15]});
        else
            quoted += c;
    }
    return quoted + "\"";
}

}  // namespace aiflow

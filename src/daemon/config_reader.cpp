#include "daemon/config_reader.hpp"

#include "aiflow/log.hpp"
#include "daemon/config_checks.hpp"
#include "daemon/config_keys.hpp"
#include "text/toml_file.hpp"
#include "text/toml_section.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <utility>

namespace aiflow {

namespace {

namespace fs = std::filesystem;

bool has_control(std::string_view text)
{
    return std::any_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

std::string in_directory(const fs::path& directory, const std::string& path)
{
    return (directory / path).lexically_normal().string();
}

// The values of one key: type and range are checked where they are read, their form here.
class value_reader {
public:
    value_reader(const toml_section& at, const config_key& key, const fs::path& directory)
        : at_(at), key_(key), name_(key.last_name()), directory_(directory)
    {
    }

    void operator()(bool* target) const { at_.read(name_, *target); }

    void operator()(std::chrono::milliseconds* target) const
    {
        at_.read(name_, *target, milliseconds(key_.range.least), milliseconds(key_.range.most));
    }

    void operator()(std::vector<std::chrono::milliseconds>* target) const
    {
        at_.read(name_, *target, milliseconds(key_.range.least), milliseconds(key_.range.most));
    }

    void operator()(std::string* target) const
    {
        std::string value = *target;
        at_.read(name_, value);
        if (const std::string wrong = wrong_with(value); !wrong.empty())
            return at_.complain(name_, wrong);
        *target = finished(std::move(value));
    }

    void operator()(std::vector<std::string>* target) const
    {
        std::vector<std::string> values = *target;
        at_.read(name_, values);
        if (std::cmp_greater(values.size(), key_.range.most))
            return at_.complain(name_, "has " + std::to_string(values.size()) +
                                           " elements, but may have " +
                                           std::to_string(key_.range.most) + " at most");
        for (std::size_t i = 0; i < values.size(); ++i) {
            std::string wrong = wrong_with(values[i]);
            // An argument of a program may be empty, but not the program.
            if (values[i].empty() && (key_.kind != key_kind::command || i == 0))
                wrong = "is empty; take it out, or fill it in";
            if (!wrong.empty())
                return at_.complain(name_, "element " + std::to_string(i + 1) + " " + wrong);
            if (key_.kind != key_kind::command || i == 0)
                values[i] = finished(std::move(values[i]));
        }
        *target = std::move(values);
    }

    template <class T>
    void operator()(T* target) const
    {
        if constexpr (std::is_enum_v<T>) {
            if (const auto which = at_.choice(name_, choices_of(key_)))
                *target = static_cast<T>(*which);
        } else if (const auto n = at_.integer(name_, key_.range.least, key_.range.most)) {
            *target = static_cast<T>(*n);
        }
    }

private:
    using milliseconds = std::chrono::milliseconds;

    std::string wrong_with(const std::string& value) const
    {
        // What a program gets is its own business, as far as it can be passed on at all.
        if (key_.kind == key_kind::command)
            return value.find('\0') == std::string::npos ? "" : "holds a NUL; take it out";
        return has_control(value) ? "holds a control character, such as a line's end; take it out"
                                  : "";
    }

    // A path that is relative begins at the directory of the configuration.
    std::string finished(std::string value) const
    {
        bool is_path = false;
        switch (key_.kind) {
        case key_kind::path:
            is_path = true;
            break;
        case key_kind::token_file:
        case key_kind::token_files:
            is_path = !value.starts_with("credential:");
            break;
        case key_kind::socket:
            is_path = value != "off";
            break;
        case key_kind::command:
            is_path = value.find('/') != std::string::npos;
            break;
        default:
            break;
        }
        return is_path && !value.empty() ? in_directory(directory_, value) : value;
    }

    const toml_section& at_;
    const config_key& key_;
    std::string_view name_;
    const fs::path& directory_;
};

void read_keys(const toml_section& at, std::string_view section, const fs::path& directory,
               daemon_config& config)
{
    for (const config_key& key : config_keys()) {
        if (key.section() != section || !at.has(key.last_name()))
            continue;
        config.source.lines.emplace(key.name, at.line_of(key.last_name()));
        std::visit(value_reader(at, key, directory), key.slot(config));
    }
}

void read_all(const toml::table& table, daemon_config& config, file_problems& problems)
{
    std::map<std::string_view, std::vector<std::string_view>> known;  // by section
    for (const config_key& key : config_keys())
        known[key.section()].push_back(key.last_name());
    for (const config_section& section : config_sections())
        known[{}].push_back(section.name);

    const fs::path directory = fs::absolute(config.source.name).parent_path();
    const toml_section top(table, {}, known[{}], problems);
    read_keys(top, {}, directory, config);
    for (const config_section& section : config_sections()) {
        const toml::table* found = top.table(section.name);
        if (found == nullptr)
            continue;
        const toml_section at(*found, std::string(section.name), known[section.name], problems);
        config.source.lines.emplace(section.name, at.line());
        read_keys(at, section.name, directory, config);
    }
}

std::string_view section_of(std::string_view key)
{
    return key.substr(0, key.find('.'));
}

// Whether a contradiction may only be there because a value could not be read.
bool follows_from(const file_problems& unread, const file_problem& contradiction)
{
    return std::any_of(unread.begin(), unread.end(), [&](const file_problem& p) {
        return p.key == "mode" || p.key == "handler.type" ||
               section_of(p.key) == section_of(contradiction.key);
    });
}

}  // namespace

boost::system::result<daemon_config, file_problems> read_config(std::string_view text,
                                                                const std::string& file)
{
    file_problems problems;
    const auto table = parse_toml(text);
    if (!table) {
        problems = table.error();
        complete(problems, file);
        return problems;
    }
    daemon_config config;
    config.source.name = file;
    read_all(*table, config, problems);
    for (file_problem& p : check_config(config))
        if (!follows_from(problems, p))
            problems.push_back(std::move(p));
    complete(problems, file);
    if (!problems.empty())
        return problems;
    return config;
}

boost::system::result<daemon_config, file_problems> read_config_file(const std::string& path)
{
    const auto text = read_text_file(path);
    if (!text)
        return text.error();
    return read_config(*text, path);
}

}  // namespace aiflow

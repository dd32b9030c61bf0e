#include "text/toml_file.hpp"

#include "aiflow/log.hpp"

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>

namespace aiflow {

boost::system::result<toml::table, file_problems> parse_toml(std::string_view text)
{
    try {
        return toml::parse(text);
    } catch (const toml::parse_error& e) {
        // It repeats what stands there, whatever that is.
        return file_problems{
            {{}, e.source().begin.line, {}, "is not valid TOML: " + printable(e.description())}};
    }
}

boost::system::result<std::string, file_problems> read_text_file(const std::string& path)
{
    std::error_code told_below;
    const auto kind = std::filesystem::status(path, told_below).type();
    // To open a FIFO would wait for somebody who writes.
    if (kind == std::filesystem::file_type::fifo || kind == std::filesystem::file_type::directory)
        return file_problems{{path, 0, {}, "is no regular file"}};
    errno = 0;
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    // Copying nothing counts as a failure, but an empty file is none.
    const bool empty = in.peek() == std::ifstream::traits_type::eof() && !in.bad();
    if (!in.is_open() || (!empty && !(text << in.rdbuf())))
        return file_problems{{path,
                              0,
                              {},
                              "cannot be read: " + std::generic_category().message(errno) +
                                  "; check the path, and that this user may read the file"}};
    return text.str();
}

}  // namespace aiflow

#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

namespace aiflow::test {

/// A directory for files of a test; gone with everything in it at the end.
class test_directory {
public:
    test_directory()
    {
        std::string name = (std::filesystem::temp_directory_path() / "aiflow-test-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr)
            throw std::runtime_error("cannot make a directory for the test");
        path_ = name;
    }
    test_directory(const test_directory&) = delete;
    test_directory& operator=(const test_directory&) = delete;
    ~test_directory()
    {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    std::string path(const std::string& name) const { return (path_ / name).string(); }

    /// Writes a file that has exactly this mode.
    void write(const std::string& name, const std::string& content, unsigned mode = 0600) const
    {
        std::ofstream(path(name), std::ios::binary) << content;
        std::filesystem::permissions(path(name), std::filesystem::perms{mode});
    }

private:
    std::filesystem::path path_;
};

}  // namespace aiflow::test

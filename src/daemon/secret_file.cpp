#include "daemon/secret_file.hpp"

#include "aiflow/log.hpp"

#include <openssl/crypto.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <string_view>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace aiflow {

namespace {

constexpr std::string_view credential_prefix = "credential:";
constexpr std::size_t max_token = 4096;

class token_file {
public:
    // Without O_NONBLOCK the opening of a FIFO would wait for somebody who writes.
    explicit token_file(const std::string& path)
        : value_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY))
    {
    }
    token_file(const token_file&) = delete;
    token_file& operator=(const token_file&) = delete;
    ~token_file()
    {
        if (value_ >= 0)
            ::close(value_);
    }

    int get() const noexcept { return value_; }

private:
    int value_;
};

// The content and one byte more than may be, which shows that there is too much.
class wiped_buffer {
public:
    wiped_buffer() = default;
    wiped_buffer(const wiped_buffer&) = delete;
    wiped_buffer& operator=(const wiped_buffer&) = delete;
    ~wiped_buffer() { OPENSSL_cleanse(bytes_.data(), bytes_.size()); }

    /// False: see errno.
    bool fill(int file)
    {
        while (size_ < bytes_.size()) {
            const ssize_t n = ::read(file, bytes_.data() + size_, bytes_.size() - size_);
            if (n < 0 && errno == EINTR)
                continue;
            if (n <= 0)
                return n == 0;
            size_ += static_cast<std::size_t>(n);
        }
        return true;
    }

    std::string_view content() const noexcept { return {bytes_.data(), size_}; }

private:
    std::array<char, max_token + 2> bytes_{};
    std::size_t size_ = 0;
};

std::string because_of(int error)
{
    return std::generic_category().message(error);
}

std::string octal(unsigned mode)
{
    std::string text;
    for (int shift = 6; shift >= 0; shift -= 3)
        text += static_cast<char>('0' + ((mode >> shift) & 7U));
    return "0" + text;
}

std::string wrong_with_file(const struct stat& s, const std::string& path)
{
    if (!S_ISREG(s.st_mode))
        return "is no regular file; give the path of a file that holds the token";
    const unsigned open_to = s.st_mode & 0077U;
    const bool is_credential = s.st_uid == 0 && (open_to & ~0040U) == 0;
    if (open_to != 0 && !is_credential)
        return "is open to others than its owner (mode " + octal(s.st_mode & 0777U) +
               "), and may be known to them; run `chmod 600 " + path +
               "`, and think of a new token";
    return {};
}

checked<std::string> path_of(const std::string& place, const daemon_environment& environment)
{
    if (!place.starts_with(credential_prefix))
        return place;
    const auto wrong = [&](std::string text) {
        return problem{make_error_code(errc::invalid_value), printable(place), std::move(text)};
    };
    const std::string name = place.substr(credential_prefix.size());
    if (name.empty() || name == "." || name == ".." || name.find('/') != std::string::npos)
        return wrong("is no name of a credential; write `credential:NAME`, with the NAME of a "
                     "LoadCredential=NAME:PATH in the unit");
    if (environment.credentials_directory.empty())
        return wrong("needs $CREDENTIALS_DIRECTORY, which is not set; add LoadCredential=" +
                     printable(name) + ":PATH to the unit, or give the path of a file");
    return environment.credentials_directory + "/" + name;
}

std::string wrong_with_token(std::string_view token)
{
    if (token.empty())
        return "is empty; write the token into it";
    if (token.size() > max_token)
        return "is longer than " + std::to_string(max_token) +
               " bytes; it has to hold the token and nothing else";
    const bool plain = std::all_of(token.begin(), token.end(), [](char c) {
        return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f;
    });
    if (!plain)
        return "holds a control character or more than one line; it has to hold the token and "
               "nothing else, as `printf %s TOKEN` writes it";
    if (token.front() == ' ' || token.back() == ' ')
        return "has a blank before or behind the token, which HTTP would drop; take it out";
    return {};
}

}  // namespace

checked<secret> read_token(const std::string& place, const daemon_environment& environment)
{
    const auto path = path_of(place, environment);
    if (!path)
        return path.error();
    const auto wrong = [&](std::string text) {
        return problem{make_error_code(errc::invalid_value), printable(place), std::move(text)};
    };

    const token_file file(*path);
    struct stat s = {};
    if (file.get() < 0 || ::fstat(file.get(), &s) != 0) {
        const int error = errno;
        // Perhaps the token itself was written here instead of the name of its file.
        if (error == ENOENT && !place.starts_with(credential_prefix))
            return problem{make_error_code(errc::invalid_value),
                           printable(std::filesystem::path(*path).parent_path().string()),
                           "holds no file of that name; give the path of a file that holds the "
                           "token, not the token"};
        return wrong("cannot be read: " + because_of(error) +
                     "; it has to be there, and readable for the daemon's user");
    }
    if (std::string text = wrong_with_file(s, printable(*path)); !text.empty())
        return wrong(std::move(text));

    wiped_buffer buffer;
    if (!buffer.fill(file.get())) {
        const int error = errno;
        return wrong("cannot be read: " + because_of(error));
    }
    std::string_view token = buffer.content();
    if (token.ends_with('\n'))
        token.remove_suffix(1);
    if (std::string text = wrong_with_token(token); !text.empty())
        return wrong(std::move(text));
    return secret(token);
}

}  // namespace aiflow

#include "outbox/outbox_files.hpp"

#include "outbox/sms_table.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <system_error>
#include <utility>

namespace aiflow {

namespace {

constexpr std::size_t page_bytes = 4096;

failure failed(errc code, std::string text)
{
    return failure({make_error_code(code), "outbox.directory", std::move(text)});
}

std::string last_error()
{
    return std::generic_category().message(errno);
}

bool is_damage(int code)
{
    const int primary = code & 0xff;
    return primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB;
}

// Made before SQLite does it, since its own would be readable by others.
void make_private(const std::string& file)
{
    const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        throw failed(errc::storage_failed, file + " cannot be written: " + last_error());
    ::fchmod(fd, 0600);
    ::close(fd);
}

void make_directory(const std::string& directory)
{
    if (directory.empty())
        throw failed(errc::invalid_value, "is missing; name a directory for the outbox");
    if (::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST)
        throw failed(errc::storage_failed, directory + " cannot be made: " + last_error() +
                                               "; make the directory above it, or name another");
}

}  // namespace

outbox_files::outbox_files(std::string directory) : directory_(std::move(directory))
{
    make_directory(directory_);
    const auto name = directory_ + "/lock";
    lock_ = ::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock_ < 0)
        throw failed(errc::storage_failed, name + " cannot be written: " + last_error());
    if (::flock(lock_, LOCK_EX | LOCK_NB) == 0)
        return;
    const bool taken = errno == EWOULDBLOCK;
    const auto why = last_error();
    ::close(lock_);
    if (taken)
        throw failed(errc::storage_locked, directory_ + " is in use by another process; end it, or "
                                                        "give each one a directory of its own");
    throw failed(errc::storage_failed, name + " cannot be locked: " + why);
}

outbox_files::~outbox_files()
{
    ::close(lock_);
}

std::unique_ptr<database> outbox_files::open(std::size_t max_bytes, const logger& log) const
{
    for (bool again = false;; again = true) {
        make_private(file());
        try {
            return try_open(max_bytes);
        } catch (const database_error& e) {
            if (again || !is_damage(e.code))
                throw failed(errc::storage_failed, file() + ": " + e.text);
        }
        set_aside(log);
    }
}

std::unique_ptr<database> outbox_files::try_open(std::size_t max_bytes) const
{
    auto db = std::make_unique<database>(file());
    db->run("PRAGMA locking_mode = EXCLUSIVE");
    db->run("PRAGMA journal_mode = WAL");
    db->run("PRAGMA synchronous = FULL");
    db->run("PRAGMA secure_delete = ON");
    db->run("PRAGMA foreign_keys = ON");
    db->run("PRAGMA journal_size_limit = 1048576");
    const auto pages = std::max<std::size_t>(max_bytes / page_bytes, 16);
    db->run(("PRAGMA max_page_count = " + std::to_string(pages)).c_str());
    if (db->text("PRAGMA quick_check(1)") != "ok")
        throw database_error{SQLITE_CORRUPT, "damaged"};
    const auto version = db->number("PRAGMA user_version");
    if (version > sms_table::schema_version)
        throw failed(errc::storage_newer,
                     file() + " was written by a newer version; install that one again, or name "
                              "another directory");
    return db;
}

void outbox_files::set_aside(const logger& log) const
{
    const auto now = std::chrono::duration_cast<std::chrono::seconds>(
                         std::chrono::system_clock::now().time_since_epoch())
                         .count();
    const auto name = file() + ".corrupt-" + std::to_string(now);
    std::error_code ec;
    std::filesystem::rename(file(), name, ec);
    if (ec)
        throw failed(errc::storage_failed,
                     file() + " is damaged and cannot be set aside: " + ec.message());
    std::filesystem::rename(file() + "-wal", name + "-wal", ec);
    log.write(
        log_level::error, "outbox.damaged",
        "the outbox was damaged; it was set aside and a new one is begun. What was open in it "
        "is not sent any more",
        {{"file", name}});
}

}  // namespace aiflow

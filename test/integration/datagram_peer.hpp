#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace aiflow::test {

/// A folder of its own, gone with everything in it at the end.
class scratch_folder {
public:
    scratch_folder();
    scratch_folder(const scratch_folder&) = delete;
    scratch_folder& operator=(const scratch_folder&) = delete;
    ~scratch_folder();

    std::string path(std::string_view name) const { return folder_ + "/" + std::string(name); }

private:
    std::string folder_;
};

/// Stands in for systemd or the journal: a Unix datagram socket at `path`, abstract with `@`.
class datagram_peer {
public:
    explicit datagram_peer(const std::string& path);
    datagram_peer(const datagram_peer&) = delete;
    datagram_peer& operator=(const datagram_peer&) = delete;
    ~datagram_peer();

    /// Everything that has come, without waiting.
    std::vector<std::string> take();

    /// Waits for one, ten seconds at most; empty when nothing came.
    std::string wait_for_one();

private:
    int socket_;
};

/// A pipe, whose writing end stands for stderr.
class pipe_pair {
public:
    pipe_pair();
    pipe_pair(const pipe_pair&) = delete;
    pipe_pair& operator=(const pipe_pair&) = delete;
    ~pipe_pair();

    int write_end() const noexcept { return ends_[1]; }

    /// Makes the kernel refuse one byte more.
    void fill();

    /// "device:inode", as `$JOURNAL_STREAM` has it.
    std::string stream() const;

    /// What has come, without waiting.
    std::string take();

    /// Everything up to and with `text`, for which it waits ten seconds at most.
    std::string wait_for(std::string_view text);

    void close_read_end();

private:
    int ends_[2];
};

}  // namespace aiflow::test

#pragma once

#include "aiflow/clock.hpp"
#include "aiflow/error.hpp"
#include "daemon/config.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/generic/stream_protocol.hpp>

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace aiflow {

/// Listens for connections of any kind.
using stream_acceptor = asio::basic_socket_acceptor<asio::generic::stream_protocol>;

/// The file of a Unix socket that this process has made; removed with the object, unless somebody
/// else has put another one in its place by then.
class socket_file {
public:
    socket_file() = default;
    explicit socket_file(std::string path);
    ~socket_file() { remove(); }
    socket_file(socket_file&& other) noexcept;
    socket_file& operator=(socket_file&& other) noexcept;

    void remove() noexcept;

private:
    std::string path_;
    dev_t device_ = 0;
    ino_t inode_ = 0;
};

/// A control socket, open.
struct control_socket {
    stream_acceptor acceptor;
    socket_file file = {};
};

/// Makes the socket, in a directory that exists. One that a dead process has left is replaced.
/// Its mode is 0660; with `for_others`, who are told by their credentials alone, 0666.
/// Errors: a path that cannot be used; a process that listens there already.
checked<control_socket> open_control_socket(const asio::any_io_executor& executor,
                                            const std::string& path, bool for_others);

/// Listens on TCP. Errors: of the system, with the remedy; the field is `metrics.address` or
/// `metrics.port`.
checked<stream_acceptor> open_metrics_port(const asio::any_io_executor& executor,
                                           const std::string& address, std::uint16_t port);

}  // namespace aiflow

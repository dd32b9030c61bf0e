#include "control_socket_rig.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include <stdlib.h>

#include <algorithm>
#include <stdexcept>

namespace aiflow::test {

using namespace std::chrono_literals;

temporary_directory::temporary_directory()
{
    std::string name = std::filesystem::temp_directory_path() / "aiflow-control-XXXXXX";
    if (::mkdtemp(name.data()) == nullptr)
        throw std::runtime_error("no directory for the test");
    path = name;
    using std::filesystem::perms;
    std::filesystem::permissions(path, perms::owner_all | perms::group_exec | perms::others_exec);
}

temporary_directory::~temporary_directory()
{
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
}

control_socket_rig::control_socket_rig(std::optional<peer_access> access, bool for_others)
{
    socket = open_control_socket(net.io.get_executor(), path, for_others).value();
    options.time = &net.time;
    options.access = std::move(access);
    options.log = logger(
        [this](const log_record& r) {
            std::string line(r.id);
            for (const auto& f : r.fields)
                line += " " + std::string(f.name) + "=" + f.value;
            log.push_back(std::move(line));
        },
        log_level::debug);
    server = std::make_shared<control_server>(std::move(socket->acceptor), rig.api, options);
    asio::co_spawn(net.io, server->run(), [this](std::exception_ptr) { finished = true; });
}

control_socket_rig::~control_socket_rig()
{
    server->stop();
    pass(3s);
    net.until([&] { return finished; });
}

raw_peer control_socket_rig::knock()
{
    asio::local::stream_protocol::socket s(net.io);
    s.connect(asio::local::stream_protocol::endpoint(path));
    return {net, std::move(s)};
}

std::string control_socket_rig::ask(std::string_view request)
{
    auto peer = knock();
    peer.send(request);
    if (!peer.sees_end())
        throw std::runtime_error("the daemon does not end its answer");
    return peer.received();
}

void control_socket_rig::pass(clock::duration span)
{
    run_for(net.io, net.time, span);
}

void control_socket_rig::tell(std::string text)
{
    incoming_event in;
    in.session.id = "7f3a9c21-5d1e";
    in.event = user_speak{std::move(text), false};
    rig.feed.event(in);
}

std::size_t control_socket_rig::logged(std::string_view id) const
{
    return static_cast<std::size_t>(std::count_if(
        log.begin(), log.end(), [id](const std::string& line) { return line.starts_with(id); }));
}

std::string get(std::string_view target, std::string_view headers)
{
    return "GET " + std::string(target) + " HTTP/1.1\r\nHost: aiflowd\r\n" + std::string(headers) +
           "\r\n";
}

std::string with_body(std::string_view method, std::string_view target, std::string_view body,
                      std::string_view headers)
{
    return std::string(method) + " " + std::string(target) + " HTTP/1.1\r\nHost: aiflowd\r\n" +
           std::string(headers) + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
           std::string(body);
}

}  // namespace aiflow::test

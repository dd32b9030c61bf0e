#pragma once

#include "aiflow/websocket.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

/// Reads the values of flags that are more than a text or a number. Each function answers with
/// what is wrong with the value, or with nothing.
using complaint = std::optional<std::string>;

complaint read_listen(const std::string& text, boost::asio::ip::tcp::endpoint& listen);
complaint read_path(const std::string& path);
complaint read_timeout(const std::string& text, std::optional<std::chrono::milliseconds>& timeout);
complaint read_color(const std::string& text, bool& color);

/// Of lines such as "Name: value"; values are never shown, since they may be secrets.
complaint read_headers(const std::vector<std::string>& lines,
                       std::vector<aiflow::http_header>& headers);

#include "transport/http_request_reader.hpp"

#include "transport/beast_body.hpp"
#include "transport/websocket_header.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>

#include <limits>
#include <utility>

namespace aiflow {

namespace http = boost::beast::http;

http_request_reader::progress http_request_reader::feed(std::string_view bytes)
{
    pending_ += bytes;
    if (complete_)
        return progress::complete;
    return parser_ ? read_body() : read_header();
}

http_request_reader::progress http_request_reader::next()
{
    parser_.reset();
    request_ = {};
    complete_ = false;
    return read_header();
}

bool http_request_reader::wants_continue()
{
    return std::exchange(expects_continue_, false);
}

http_request_reader::progress http_request_reader::refuse(http_refusal why)
{
    refusal_ = std::move(why);
    return progress::refused;
}

http_request_reader::progress http_request_reader::read_header()
{
    const auto size = header_size(pending_);
    const auto header = std::string_view(pending_).substr(0, size == 0 ? pending_.size() : size);
    if (auto wrong = check_partial_request(header, limits_); wrong.status != 0)
        return refuse(std::move(wrong));
    if (size == 0)
        return progress::more;
    if (auto wrong = read_request_header(header, request_); wrong.status != 0)
        return refuse(std::move(wrong));
    // A second parser reads the body; most requests have none.
    if (request_.count("Content-Length") + request_.count("Transfer-Encoding") == 0) {
        pending_.erase(0, size);
        complete_ = true;
        return progress::complete;
    }
    parser_.emplace();
    parser_->header_limit(std::numeric_limits<std::uint32_t>::max());
    parser_->body_limit(limits_.message_bytes);
    error_code ec;
    parser_->put(asio::buffer(header), ec);
    if (ec == http::error::body_limit)
        return refuse({413, "body too large"});
    if (ec && ec != http::error::need_more)
        return refuse({400, "not a valid HTTP request"});
    pending_.erase(0, size);
    expects_continue_ = !parser_->is_done() && request_.lists("Expect", "100-continue");
    return read_body();
}

http_request_reader::progress http_request_reader::read_body()
{
    std::string_view left = pending_;
    const auto state = take_body(left);
    // Not after each chunk: they can be of a byte.
    pending_.erase(0, pending_.size() - left.size());
    return state;
}

http_request_reader::progress http_request_reader::take_body(std::string_view& left)
{
    while (!parser_->is_done()) {
        if (!can_take(*parser_, left))
            return progress::body;
        error_code ec;
        left.remove_prefix(parser_->put(asio::buffer(left), ec));
        if (ec == http::error::body_limit)
            return refuse({413, "body too large"});
        // What Beast leaves is the head of a chunk, or what stands behind the last one.
        if (ec == http::error::need_more && left.size() > limits_.header_bytes)
            return refuse({413, "body too large"});
        if (ec == http::error::need_more)
            return progress::body;
        if (ec)
            return refuse({400, "the body is not as its header says"});
    }
    request_.body = std::move(parser_->get().body());
    complete_ = true;
    return progress::complete;
}

}  // namespace aiflow

#include "transport/http_answer_reader.hpp"

#include "transport/beast_body.hpp"
#include "transport/websocket_header.hpp"
#include "transport/websocket_upgrade.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>

#include <limits>
#include <utility>

namespace aiflow {

namespace http = boost::beast::http;

http_answer_reader::http_answer_reader(const http_answer_limits& limits) : limits_(limits)
{
    next_answer();
}

void http_answer_reader::next_answer()
{
    parser_.emplace();
    parser_->eager(true);
    parser_->header_limit(std::numeric_limits<std::uint32_t>::max());
    parser_->body_limit(limits_.body_bytes);
}

http_answer_reader::progress http_answer_reader::feed(std::string_view bytes)
{
    begun_ = begun_ || !bytes.empty();
    pending_ += bytes;
    std::string_view left = pending_;
    const auto state = take(left);
    // Not after each chunk: they can be of a byte.
    pending_.erase(0, pending_.size() - left.size());
    return state;
}

http_answer_reader::progress http_answer_reader::take(std::string_view& left)
{
    // Beast looks at it when the header is whole.
    if (!parser_->got_some() && !may_be_answer(left))
        return progress::not_http;
    while (can_take(*parser_, left)) {
        if (!parser_->is_header_done()) {
            // Beast applies its limit only to a header that comes in pieces.
            const auto whole = header_size(left);
            if ((whole == 0 ? left.size() : whole) > limits_.header_bytes)
                return progress::too_large;
            if (whole == 0)
                return progress::more;
        }
        error_code ec;
        left.remove_prefix(parser_->put(boost::asio::buffer(left), ec));
        // What Beast leaves is the head of a chunk, or what stands behind the last one.
        if (ec == http::error::need_more && left.size() > limits_.header_bytes)
            return progress::too_large;
        if (ec == http::error::need_more)
            return progress::more;
        if (ec)
            return progress_of(ec);
        if (!parser_->is_done())
            continue;
        const auto status = parser_->get().result_int();
        if (status == 101 || status < 100)
            return progress::not_http;
        if (status >= 200)
            return finish(left);
        next_answer();
    }
    return progress::more;
}

http_answer_reader::progress http_answer_reader::end()
{
    if (!begun_ || !parser_->got_some())
        return progress::cut_short;
    error_code ec;
    parser_->put_eof(ec);
    if (ec || !parser_->is_done())
        return progress::cut_short;
    return finish(pending_);
}

http_answer_reader::progress http_answer_reader::finish(std::string_view left)
{
    answer_.status = parser_->get().result_int();
    // What comes behind an answer that was not asked for belongs to nothing that is sent later.
    answer_.keep_alive = parser_->keep_alive() && left.empty();
    answer_.body = std::move(parser_->get().body());
    return progress::complete;
}

http_answer_reader::progress http_answer_reader::progress_of(const error_code& ec)
{
    const bool large = ec == http::error::body_limit || ec == http::error::buffer_overflow;
    return large ? progress::too_large : progress::not_http;
}

}  // namespace aiflow

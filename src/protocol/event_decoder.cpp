#include "aiflow/codec.hpp"

#include "protocol/event_batch.hpp"
#include "protocol/event_parser.hpp"
#include "protocol/surrogates.hpp"

#include <boost/json/basic_parser_impl.hpp>

#include <optional>

namespace aiflow {
namespace {

boost::json::parse_options options()
{
    boost::json::parse_options result;
    result.max_depth = 32;
    return result;
}

}  // namespace

class event_decoder::impl {
public:
    impl() : parser_(options(), batch_) {}
    impl(const impl&) = delete;
    impl& operator=(const impl&) = delete;
    ~impl() = default;

    decoded_message decode(std::string_view json)
    {
        auto ec = parse(json);
        const auto repaired = ec ? without_lone_surrogates(json) : std::nullopt;
        if (repaired) {
            json = *repaired;
            ec = parse(json);
        }
        if (ec) {
            // A message is taken as a whole: what came before the fault is not to be trusted.
            batch_.clear();
            batch_.drop(ec == boost::json::error::too_deep ? errc::too_deep : errc::not_json);
        } else {
            batch_.keep_raw_texts(json);
        }
        return batch_.result();
    }

private:
    boost::json::error_code parse(std::string_view json)
    {
        batch_.clear();
        parser_.reset();
        parser_.handler().begin(json);
        boost::json::error_code ec;
        const auto used = parser_.write_some(false, json.data(), json.size(), ec);
        if (!ec && used != json.size())
            ec = boost::json::error::extra_data;
        return ec;
    }

    event_batch batch_;
    boost::json::basic_parser<event_parser_handler> parser_;
};

event_decoder::event_decoder() : impl_(std::make_unique<impl>()) {}
event_decoder::~event_decoder() = default;
event_decoder::event_decoder(event_decoder&&) noexcept = default;
event_decoder& event_decoder::operator=(event_decoder&&) noexcept = default;

decoded_message event_decoder::decode(std::string_view json)
{
    return impl_->decode(json);
}

}  // namespace aiflow

#include "ctl_request.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <string_view>
#include <utility>

namespace {

namespace json = boost::json;

// Everything but what RFC 3986 leaves alone.
std::string escaped(std::string_view text)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    constexpr std::string_view plain =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    std::string out;
    for (const char c : text) {
        if (plain.find(c) != std::string_view::npos) {
            out += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        out += '%';
        out += digits[byte >> 4U];
        out += digits[byte & 0xfU];
    }
    return out;
}

class target {
public:
    explicit target(std::string path) : text_(std::move(path)) {}

    target& with(std::string_view name, std::string_view value)
    {
        if (value.empty())
            return *this;
        text_.append(text_.find('?') == std::string::npos ? "?" : "&").append(name);
        text_.append("=").append(escaped(value));
        return *this;
    }

    target& flag(std::string_view name, bool set) { return set ? with(name, "true") : *this; }

    operator std::string() && { return std::move(text_); }

private:
    std::string text_;
};

std::string sms_body(const ctl_flags& f)
{
    json::object o{{"session", f.session}, {"to", f.to}, {"text", f.text}};
    if (!f.ref.empty())
        o["client_ref"] = f.ref;
    return json::serialize(o);
}

std::string joined(const std::vector<std::string>& parts)
{
    std::string all;
    for (const std::string& part : parts)
        all += (all.empty() ? "" : ",") + part;
    return all;
}

}  // namespace

ctl_request request_of(const ctl_flags& f)
{
    const auto get = [](target t) { return ctl_request{"GET", std::move(t), {}}; };
    switch (f.command) {
    case ctl_command::status:
        return get(target("/v1/status"));
    case ctl_command::calls:
        return get(target("/v1/calls").flag("unmasked", f.unmasked));
    case ctl_command::sms_list:
        return get(target("/v1/sms")
                       .with("state", f.state)
                       .with("limit", f.limit)
                       .flag("unmasked", f.unmasked));
    case ctl_command::sms_show:
        return get(target("/v1/sms/" + escaped(f.id)).flag("unmasked", f.unmasked));
    case ctl_command::sms_send:
        return {"POST", "/v1/sms", sms_body(f)};
    case ctl_command::sms_cancel:
        return {"DELETE", "/v1/sms/" + escaped(f.id), {}};
    case ctl_command::send:
        return {"POST", "/v1/actions", f.text};
    case ctl_command::tail:
        return get(target("/v1/tail")
                       .with("session", f.session)
                       .with("types", joined(f.types))
                       .flag("content", f.content)
                       .flag("unmasked", f.unmasked));
    case ctl_command::log_level:
        if (f.level.empty())
            return get(target("/v1/log"));
        return {"PUT", "/v1/log", json::serialize(json::object{{"level", f.level}})};
    case ctl_command::drain:
        return {"POST", "/v1/drain", {}};
    case ctl_command::reload:
        break;
    }
    return {"POST", "/v1/reload", {}};
}

#include "aiflow/action.hpp"

namespace aiflow {
namespace {

struct name_of {
    std::string_view operator()(const speak&) const noexcept { return "speak"; }
    std::string_view operator()(const audio&) const noexcept { return "audio"; }
    std::string_view operator()(const mix_audio&) const noexcept { return "mix_audio"; }
    std::string_view operator()(const hangup&) const noexcept { return "hangup"; }
    std::string_view operator()(const transfer&) const noexcept { return "transfer"; }
    std::string_view operator()(const barge_in&) const noexcept { return "barge_in"; }
    std::string_view operator()(const configure_transcription&) const noexcept
    {
        return "configure_transcription";
    }
    std::string_view operator()(const configure_voice_to_voice&) const noexcept
    {
        return "configure_voice_to_voice";
    }
    std::string_view operator()(const send_sms&) const noexcept { return "send_sms"; }
};

}  // namespace

std::string_view type_name(const action& a) noexcept
{
    return std::visit(name_of{}, a);
}

}  // namespace aiflow

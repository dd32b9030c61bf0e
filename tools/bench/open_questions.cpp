#include "bench/open_questions.hpp"

#include "bench/answer.hpp"
#include "bench/event_texts.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <string>

namespace aiflow::bench {

namespace {

constexpr std::string_view id_prefix = R"("session_id":"550e8400-e29b-41d4-a716-)";

bool is_there(std::string_view text, std::size_t at, std::string_view what)
{
    return text.size() >= at + what.size() && text.substr(at, what.size()) == what;
}

bool has_type(std::string_view answer, std::string_view type)
{
    constexpr std::string_view key = R"({"type":")";
    if (is_there(answer, 0, key) && is_there(answer, key.size(), type))
        return true;
    return answer.find(R"("type":")" + std::string(type) + '"') != std::string_view::npos;
}

}  // namespace

std::optional<std::uint64_t> answer_reader::call_of(std::string_view answer, std::string_view type)
{
    if (!has_type(answer, type))
        throw std::runtime_error("an answer is not a " + std::string(type));
    if (!names_session_) {
        if (answer.size() != answer_for(std::string(session_id_size, '0')).size())
            throw std::runtime_error("an answer does not have the size that all should have");
        return std::nullopt;
    }
    // The same application writes the same members in the same order.
    if (!is_there(answer, at_, id_prefix))
        at_ = answer.find(id_prefix);
    std::uint64_t number = 0;
    if (at_ == std::string_view::npos) {
        at_ = 0;
    } else {
        const auto tail = answer.substr(at_ + id_prefix.size(), 12);
        std::from_chars(tail.data(), tail.data() + tail.size(), number);
    }
    if (number < first_number)
        throw std::runtime_error("an answer has no session_id of a call");
    return number - first_number;
}

open_questions::question open_questions::answered(std::optional<std::uint64_t> call,
                                                  steady::time_point read)
{
    const auto found = std::find_if(open_.begin(), open_.end(), [&](const question& q) {
        return (!call || q.call == *call) && q.asked < read;
    });
    if (found == open_.end())
        throw std::runtime_error("an answer came that answers no open question");
    const auto result = *found;
    open_.erase(found);
    return result;
}

}  // namespace aiflow::bench

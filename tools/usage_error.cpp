#include "usage_error.hpp"

#include "aiflow/log.hpp"
#include "text/phrases.hpp"

#include <vector>

namespace {

constexpr std::size_t shown_of_text = 1000;
constexpr std::size_t shown_of_word = 40;

std::string commands_of(const CLI::App& app)
{
    const auto commands = app.get_subcommands([](const CLI::App*) { return true; });
    std::vector<std::string> names;
    names.reserve(commands.size());
    for (const CLI::App* each : commands)
        names.push_back(each->get_name());
    return names.empty() ? "" : "it has to be " + aiflow::either_of(names);
}

// `at` is the command whose turn it was.
std::string what_is_wrong(const CLI::App& app, const CLI::App& at, const CLI::ParseError& e)
{
    const bool missing = dynamic_cast<const CLI::RequiredError*>(&e) != nullptr;
    if (!missing && dynamic_cast<const CLI::ExtrasError*>(&e) == nullptr)
        return aiflow::printable(e.what(), shown_of_text);
    const auto extra = app.remaining(true);
    const std::string commands = commands_of(at);
    if (!commands.empty() && extra.empty())
        return "a command is missing; " + commands;
    if (!commands.empty() && !extra.front().starts_with('-'))
        return aiflow::in_quotes(extra.front(), shown_of_word) + " is no command; " + commands;
    if (extra.empty())
        return aiflow::printable(e.what(), shown_of_text);
    std::string words;
    for (const std::string& each : extra)
        words += " " + each;
    return "not expected:" + aiflow::printable(words, shown_of_text);
}

}  // namespace

std::string usage_error(const CLI::App& app, const CLI::ParseError& e)
{
    const CLI::App* at = &app;
    std::string path = app.get_name();
    for (auto given = at->get_subcommands(); !given.empty(); given = at->get_subcommands()) {
        at = given.front();
        path += " " + at->get_name();
    }
    return what_is_wrong(app, *at, e) + "\nSee " + path + " --help.";
}

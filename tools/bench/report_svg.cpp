#include "bench/report_files.hpp"
#include "bench/report_tables.hpp"

#include <algorithm>
#include <cstdio>

namespace aiflow::bench {

namespace {

constexpr double width = 900;
constexpr double label_width = 230;
constexpr double bar_height = 12;
constexpr double gap = 12;
constexpr double top = 60;
constexpr double room_for_value = 170;

constexpr const char* head =
    R"(<style>
text { font: 12px sans-serif; fill: #222; }
.aiflow { fill: #1f6feb; } .beast { fill: #8a8f98; } .node { fill: #2a9d5c; }
.one { stroke: #8a8f98; stroke-dasharray: 3 3; }
@media (prefers-color-scheme: dark) {
  text { fill: #ddd; }
  .aiflow { fill: #58a6ff; } .node { fill: #56d364; }
}
</style>
)";

std::string format(const char* pattern, double a, double b, double c)
{
    char text[200];
    std::snprintf(text, sizeof text, pattern, a, b, c);
    return text;
}

std::string text_at(double x, double y, const std::string& text)
{
    return format(R"(<text x="%.1f" y="%.1f">)", x, y, 0) + text + "</text>\n";
}

std::string bar(const std::string& application, double x, double y, double size)
{
    return "<rect class=\"" + application +
           format(R"(" x="%.1f" y="%.1f" width="%.1f")", x, y, size) +
           format(R"( height="%.0f"/>)", bar_height - 1, 0, 0) + "\n";
}

std::vector<const case_result*> shown(const results& r)
{
    std::vector<const case_result*> all;
    for (const auto& c : r.cases)
        if (c.value("beast", "rate"))
            all.push_back(&c);
    return all;
}

double to_beast(const case_result& c, const std::string& application)
{
    return c.ratio(application, "beast", "rate").value_or(0);
}

std::string bars_of(const case_result& c, double y, double scale)
{
    auto out = text_at(0, y + 20, c.what.text());
    for (const auto& name : application_names()) {
        const auto rate = c.value(name.id, "rate");
        if (!rate)
            continue;
        const double ratio = to_beast(c, name.id);
        out += bar(name.id, label_width, y, ratio * scale);
        out += text_at(label_width + ratio * scale + 6, y + bar_height - 2,
                       number_text(ratio) + " × (" + number_text(*rate) + "/s)");
        y += bar_height;
    }
    return out;
}

}  // namespace

std::string as_svg(const results& r)
{
    const auto cases = shown(r);
    double longest = 1;
    for (const auto* c : cases)
        for (const auto& name : application_names())
            longest = std::max(longest, to_beast(*c, name.id));
    const double scale = (width - label_width - room_for_value) / longest;
    const double step = bar_height * static_cast<double>(application_names().size()) + gap;
    const double height = top + step * static_cast<double>(cases.size());

    std::string out = R"(<svg xmlns="http://www.w3.org/2000/svg" role="img")" +
                      format(R"( viewBox="0 0 %.0f %.0f" width="%.0f">)", width, height, width) +
                      "\n<title>Rates, relative to a bare Beast loop</title>\n" + head +
                      text_at(0, 16, "Rates, relative to a bare Beast loop. Longer is faster.");
    double x = 0;
    for (const auto& name : application_names()) {
        out += bar(name.id, x, 28, 12) + text_at(x + 18, 38, name.title);
        x += 120;
    }
    const double one = label_width + scale;
    out +=
        format(R"(<line class="one" x1="%.1f" y1="50" x2="%.1f" y2="%.1f"/>)", one, one, height) +
        "\n";
    double y = top;
    for (const auto* c : cases) {
        out += bars_of(*c, y, scale);
        y += step;
    }
    return out + "</svg>\n";
}

}  // namespace aiflow::bench

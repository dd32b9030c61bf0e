#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

namespace aiflow::test {

/// A page in the text format of Prometheus, taken apart, with everything that is wrong with it.
struct metrics_page {
    explicit metrics_page(const std::string& text);

    struct family {
        std::string type;
        std::string help;
    };
    std::map<std::string, family> families;
    std::map<std::string, double> samples;  ///< by name and labels, as they stand in the line
    std::set<std::string> labels;           ///< "name=value"
    std::vector<std::string> problems;

    /// The value of a sample; NaN when it is not there.
    double at(const std::string& sample) const;

private:
    void comment(const std::string& line);
    void sample(const std::string& line);
    void read_labels(const std::string& text, const std::string& line);
    void check_histograms();

    std::string current_;                                 // the family that samples belong to
    std::map<std::string, std::vector<double>> buckets_;  // by name and labels but `le`
    std::map<std::string, std::string> last_bound_;
};

}  // namespace aiflow::test

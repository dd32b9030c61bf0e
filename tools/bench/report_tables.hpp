#pragma once

#include "bench/results.hpp"

#include <string>
#include <vector>

namespace aiflow::bench {

/// One table of the report.
struct table {
    std::string title;
    std::string reading;  ///< how to read it
    std::vector<std::string> columns;
    std::vector<std::vector<std::string>> rows;
};

/// Rates, latencies, processor, memory, threads and the goals: those that there are figures for.
std::vector<table> tables_of(const results& r);

/// For a terminal.
std::string as_text(const results& r);

/// For docs/performance.md.
std::string as_markdown(const results& r);

/// "1,234,567"; fractions are kept below 100: "12.3", and below 10: "1.23".
std::string number_text(double value);

}  // namespace aiflow::bench

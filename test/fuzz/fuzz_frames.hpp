#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace aiflow::test {

/// The bytes in pieces of these sizes, again and again; in one piece when there are none.
std::vector<std::string_view> in_pieces(std::string_view bytes, std::string_view sizes);

/// Reads frames as server or client, as a whole and in pieces; both must come to the same.
void fuzz_frames(std::string_view bytes, std::string_view sizes, bool as_server);

}  // namespace aiflow::test

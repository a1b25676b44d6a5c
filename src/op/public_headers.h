// The headers that migrations include, as text.
#pragma once

#include <span>
#include <string_view>

namespace cupel::op {

struct PublicHeader {
  std::string_view name;  // "cupel/op.hpp"
  std::string_view text;
};

// The table generated from src/op/cupel/*.hpp.
std::span<const PublicHeader> public_headers();

}  // namespace cupel::op

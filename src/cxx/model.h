// Model headers: declarations only, in our own words, of the libraries that SQL is sent through. Sources are parsed against
// these instead of the real headers: no library need be installed, and it is some fifty times quicker.
#pragma once

#include <span>
#include <string_view>

namespace cupel::cxx {

struct Model {
  std::string_view name;  // with a slash: the header it is, "cupel/op.hpp"
  // Lines `//provides: name name …` at the start say which headers it stands for.
  std::string_view text;
};

// Generated from src/cxx/models/*.model.
std::span<const Model> models();

}  // namespace cupel::cxx

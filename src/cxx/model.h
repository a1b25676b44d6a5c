// Model headers: declarations only, in our own words, of the libraries that SQL is sent through. Sources are parsed against
// these instead of the real headers: no library need be installed, and it is some fifty times quicker.
#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace cupel::cxx {

struct Model {
  std::string_view name;  // with a slash: the header it is, "cupel/op.hpp"
  // Lines `//provides: name name …` at the start say which headers it stands for. A line `//walked…` behind them: its functions
  // have bodies, which are walked as if they were the user's.
  std::string_view text;
};

// Generated from src/cxx/models/*.model.
std::span<const Model> models();

// What every compiler brings along itself, <stddef.h> and its like, as Clang has it; none if it was not there when this was built.
struct BuiltinHeader {
  std::string_view name;
  std::string_view text;
};
// Generated, too.
std::span<const BuiltinHeader> builtin_headers();

// Where they stand in the file system that sources are parsed in.
inline constexpr const char* model_folder = "/cupel-models/";
inline constexpr const char* walked_model_folder = "/cupel-models/walked/";
inline constexpr const char* builtin_folder = "/cupel-builtin/";  // its include/

// The headers that a model stands for.
std::vector<std::string_view> headers_of(const Model& model);

// Whether its functions are walked as if they were the user's.
bool is_walked(const Model& model);

}  // namespace cupel::cxx

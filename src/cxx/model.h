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

// Where the model headers stand in the file system that sources are parsed in.
inline constexpr const char* model_folder = "/cupel-models/";

// The headers that a model stands for, below model_folder.
std::vector<std::string_view> headers_of(const Model& model);

// Whether the functions of one of these headers are walked.
bool is_walked_model(std::string_view header);

}  // namespace cupel::cxx

#include "cxx/model.h"

#include <algorithm>

namespace cupel::cxx {
namespace {

bool take(std::string_view& text, std::string_view beginning) {
  if (!text.starts_with(beginning)) return false;
  text.remove_prefix(beginning.size());
  return true;
}

std::string_view take_until(std::string_view& text, char end) {
  const std::string_view taken = text.substr(0, text.find(end));
  text.remove_prefix(std::min(text.size(), taken.size() + 1));
  return taken;
}

}  // namespace

std::vector<std::string_view> headers_of(const Model& model) {
  if (model.name.find('/') != std::string_view::npos) return {model.name};
  std::vector<std::string_view> names;
  std::string_view text = model.text;
  while (take(text, "//provides:")) {
    std::string_view line = take_until(text, '\n');
    while (!line.empty()) {
      if (const std::string_view name = take_until(line, ' '); !name.empty()) names.push_back(name);
    }
  }
  return names;
}

bool is_walked(const Model& model) {
  // The operations API is the user's code as much as ours.
  return model.name.find('/') != std::string_view::npos || model.text.find("\n//walked") != std::string_view::npos;
}

}  // namespace cupel::cxx

#include "cli/baseline_file.h"

#include "cli/input.h"
#include "migrations/file_store.h"
#include "report/json_writer.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace cupel::cli {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

fs::path folder_of(const std::string& file) {
  std::error_code error;
  return fs::absolute(file, error).lexically_normal().parent_path();
}

Result<std::vector<lint::BaselineEntry>> parse(const std::string& text, const std::string& file) {
  const auto wrong = [&file](const std::string& what) {
    return Error{ErrorCode::usage, fmt::format("{} is no baseline of cupel: {}; `cupel lint --write-baseline` writes it anew", file, what)};
  };
  try {
    const json document = json::parse(text);
    if (document.at("version") != 1) return wrong("its version is not 1");
    std::vector<lint::BaselineEntry> entries;
    for (const json& one : document.at("findings")) {
      lint::BaselineEntry entry;
      entry.rule = one.at("rule").get<std::string>();
      entry.file = one.at("file").get<std::string>();
      entry.fingerprint = one.at("fingerprint").get<std::string>();
      entry.message = one.value("message", "");
      entry.count = one.value("count", std::size_t{1});
      entries.push_back(std::move(entry));
    }
    return entries;
  } catch (const json::exception& error) { return wrong(error.what()); }
}

}  // namespace

std::string Baseline::name_of(std::string_view source) const {
  std::error_code error;
  return fs::absolute(fs::path(source), error).lexically_normal().lexically_relative(folder_of(file)).generic_string();
}

bool Baseline::is_gone(const std::string& name) const {
  std::error_code error;
  return !fs::exists(folder_of(file) / name, error);
}

Result<Baseline> place_baseline(const std::string& file, const Configuration& configuration) {
  Baseline baseline;
  baseline.file = file;
  if (file.empty()) baseline.file = (fs::path(configuration.file).parent_path() / baseline_name).string();
  TRY_ASSIGN(const std::string text, present_text(baseline.file));
  baseline.exists = migrations::path_kind(baseline.file) != migrations::PathKind::missing;
  if (baseline.exists) { TRY_ASSIGN(baseline.entries, parse(text, baseline.file)); }
  return baseline;
}

Result<Baseline> read_baseline(const std::string& file, const Configuration& configuration) {
  TRY_ASSIGN(Baseline baseline, place_baseline(file, configuration));
  if (!baseline.exists && !file.empty()) {
    return Error{ErrorCode::usage,
                 fmt::format("the baseline {} does not exist; `cupel lint --write-baseline --baseline {}` writes it", file, file)};
  }
  return baseline;
}

std::string baseline_text(const std::vector<lint::BaselineEntry>& entries) {
  std::string text;
  report::JsonWriter writer(text);
  writer.open_object();
  writer.new_line(2);
  writer.number("version", 1);
  writer.new_line(2);
  writer.key("findings");
  writer.open_array();
  for (const lint::BaselineEntry& entry : entries) {
    writer.new_line(4);
    writer.open_object();
    writer.string("file", entry.file);
    writer.string("rule", entry.rule);
    writer.string("fingerprint", entry.fingerprint);
    if (entry.count != 1) writer.number("count", entry.count);
    writer.string("message", entry.message);
    writer.close_object();
  }
  if (!entries.empty()) writer.new_line(2);
  writer.close_array();
  writer.new_line(0);
  writer.close_object();
  return text + '\n';
}

}  // namespace cupel::cli

// A folder that exists only in a test.
#pragma once

#include "migrations/layout.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cupel::migrations {

class MemoryFolder final : public Folder {
 public:
  // By name; a file with no text cannot be read.
  using Files = std::map<std::string, std::optional<std::string>>;
  explicit MemoryFolder(const Files& files) {
    for (const auto& [name, text] : files) {
      names_.push_back(name);
      if (text) texts_[name] = std::make_shared<const SourceText>("db/" + name, *text);
    }
  }
  [[nodiscard]] const std::string& path() const override { return path_; }
  [[nodiscard]] const std::vector<std::string>& files() const override { return names_; }
  [[nodiscard]] Result<std::shared_ptr<const SourceText>> read(const std::string& file) const override {
    const auto found = texts_.find(file);
    if (found == texts_.end()) return Error{ErrorCode::unreadable, "cannot read db/" + file + ": Permission denied"};
    return found->second;
  }
  [[nodiscard]] std::optional<int> levels_up(std::string_view name) const override {
    return name == above_ ? std::optional(1) : std::nullopt;
  }
  // A file in the folder above.
  void set_above(std::string name) { above_ = std::move(name); }

 private:
  std::string path_ = "db";
  std::string above_;
  std::vector<std::string> names_;
  std::map<std::string, std::shared_ptr<const SourceText>> texts_;
};

inline MigrationSet read_with(std::string_view layout, MemoryFolder::Files files) {
  const MemoryFolder folder(std::move(files));
  auto set = find_layout(layout)->read(folder);
  return *std::move(set);
}

// What a part sends, chunk by chunk.
inline std::vector<std::string> chunks_of(const MigrationSet& set, const Part& part) {
  const std::string_view text = set.sources[part.source]->text();
  std::vector<std::string> chunks;
  for (const Span chunk : part.chunks) chunks.emplace_back(chunk.of(text));
  if (part.chunks.empty()) chunks.emplace_back(text);
  return chunks;
}

inline std::vector<std::string> revisions_of(const MigrationSet& set) {
  std::vector<std::string> revisions;
  for (const Migration& migration : set.migrations) revisions.push_back(migration.revision);
  return revisions;
}

inline std::vector<std::string> problems_of(const MigrationSet& set) {
  std::vector<std::string> problems;
  for (const Problem& problem : set.problems) problems.push_back(problem.rule + ": " + problem.message);
  return problems;
}

}  // namespace cupel::migrations

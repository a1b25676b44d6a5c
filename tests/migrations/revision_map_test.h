// Graphs written down in a test.
#pragma once

#include "migrations/revision_map.h"

#include <string>
#include <utility>
#include <vector>

namespace cupel::migrations {

struct Revision {
  std::string id;
  std::vector<std::string> parents = {};
  std::vector<std::string> labels = {};
  std::vector<std::string> depends_on = {};
  std::string title = {};
};

inline std::vector<Migration> graph_of(const std::vector<Revision>& revisions) {
  std::vector<Migration> migrations;
  for (const Revision& revision : revisions) {
    Migration& migration = migrations.emplace_back();
    migration.revision = revision.id;
    migration.title = revision.title.empty() ? "about_" + revision.id.substr(0, 4) : revision.title;
    migration.parents = revision.parents;
    migration.labels = revision.labels;
    migration.depends_on = revision.depends_on;
  }
  return migrations;
}

// A fork, its merge, and a second base with a label whose second revision needs one side of the fork. Two ids begin
// alike. The order is not the one they run in.
inline std::vector<Migration> example() {
  return graph_of({
      {.id = "e77a90b1c2d3", .parents = {"d5e2f7b08c31"}, .title = "last"},
      {.id = "7b2200b3d4e5", .parents = {"7b1100a2c3d4"}, .depends_on = {"c93e01aa4d10"}, .title = "invoices"},
      {.id = "4f1b0c2d91a0", .title = "users"},
      {.id = "4f1b7703e2c5", .parents = {"4f1b0c2d91a0"}, .title = "fork"},
      {.id = "a0d3e5512b77", .parents = {"4f1b7703e2c5"}, .title = "left"},
      {.id = "c93e01aa4d10", .parents = {"4f1b7703e2c5"}, .title = "right"},
      {.id = "d5e2f7b08c31", .parents = {"a0d3e5512b77", "c93e01aa4d10"}, .title = "merge"},
      {.id = "7b1100a2c3d4", .labels = {"billing"}, .title = "accounts"},
  });
}

inline Applied applied(std::vector<std::string> revisions) {
  Applied set;
  for (std::string& revision : revisions) set.revisions.insert(std::move(revision));
  return set;
}

// The first four characters of each, or of two that begin alike, five: "4f1b0 4f1b7 a0d3". The message of an error.
template <class Indices>
std::string short_names(const RevisionMap& map, const Result<Indices>& found) {
  if (!found) return "error: " + found.error().message;
  std::string names;
  for (const std::size_t i : *found) {
    const std::string& revision = map.migrations()[i].revision;
    names += (names.empty() ? "" : " ") + revision.substr(0, revision.starts_with("4f1b") ? 5 : 4);
  }
  return names;
}

}  // namespace cupel::migrations

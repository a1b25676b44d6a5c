// What most layouts need to make a MigrationSet: sources, problems, and one line of versions.
#pragma once

#include "migrations/layout.h"

#include <string>
#include <string_view>
#include <vector>

namespace cupel::migrations {

class SetBuilder {
 public:
  SetBuilder(const Folder& folder, std::string_view layout);

  // The file's index in sources. Nothing if it cannot be read: then it is a problem of the set.
  std::optional<std::size_t> add_source(const std::string& file);
  [[nodiscard]] std::string_view text(std::size_t source) const { return set_.sources[source]->text(); }
  // The source's name below the folder.
  [[nodiscard]] std::string name(std::size_t source) const;
  void add_problem(std::string rule, std::size_t source, Span span, std::string message, std::vector<Problem::Place> related = {});
  // A file that looks like a migration but is none for the runner.
  void add_ignored(const std::string& file, std::string message);

  MigrationSet& set() { return set_; }
  MigrationSet take() { return std::move(set_); }

 private:
  const Folder* folder_;
  MigrationSet set_;
};

// Versions in one line, as every runner without a graph has them: each comes after the one before.
class VersionLine {
 public:
  enum class Order { number, bytes };
  struct Words {
    std::string_view duplicate;  // what the runner does with two: "goose refuses to run"
    std::string_view orphan;     // what it does with a downgrade without upgrade; empty: nothing wrong
  };
  VersionLine(SetBuilder& builder, Order order, Words words) : builder_(&builder), order_(order), words_(words) {}

  // Adds one direction of a version. A second upgrade of one version is a problem, and a migration of its own all the
  // same.
  void add(std::string_view version, std::string_view title, Direction direction, Part part);
  // Adds a version whose file, of the folder, is written in another language.
  void add_unread(const std::string& file, std::string_view version, std::string_view title, std::string_view language);
  // Sorts, joins each version's two directions, links and hands everything to the builder's set.
  void finish();

 private:
  [[nodiscard]] int compare(std::string_view a, std::string_view b) const;
  // The halves of one version, upgrades first.
  void join(std::span<Migration> halves);

  SetBuilder* builder_;
  Order order_;
  Words words_;
  std::vector<Migration> halves_;
};

// A migration whose file is written in another language: it sends nothing that is known here. Nothing if the file cannot be read.
std::optional<Migration> unread_migration(SetBuilder& builder, const std::string& file, std::string_view revision, std::string_view title,
                                          std::string_view language);

// Each migration's parent is the one before; the last is the head. Repeatable ones stand outside.
void link_in_order(MigrationSet& set);

// The source that shows where a migration is: its upgrade's, else its downgrade's.
std::size_t source_of(const Migration& migration);

}  // namespace cupel::migrations

#include "migrations/set_builder.h"

#include "migrations/file_name.h"
#include "migrations/file_store.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace cupel::migrations {

SetBuilder::SetBuilder(const Folder& folder, std::string_view layout) : folder_(&folder) {
  set_.path = folder.path();
  set_.layout = layout;
}

std::optional<std::size_t> SetBuilder::add_source(const std::string& file) {
  auto source = folder_->read(file);
  const std::size_t index = set_.sources.size();
  if (source) {
    set_.sources.push_back(*source);
    return index;
  }
  set_.sources.push_back(std::make_shared<const SourceText>(join_path(folder_->path(), file), ""));
  add_problem("unreadable-file", index, {}, source.error().message);
  return std::nullopt;
}

std::string SetBuilder::name(std::size_t source) const {
  const std::string& name = set_.sources[source]->name();
  const std::string folder = join_path(set_.path, "");
  return name.compare(0, folder.size(), folder) == 0 ? name.substr(folder.size()) : name;
}

void SetBuilder::add_problem(std::string rule, std::size_t source, Span span, std::string message, std::vector<Problem::Place> related) {
  Problem problem;
  problem.rule = std::move(rule);
  problem.source = source;
  problem.span = span;
  problem.message = std::move(message);
  problem.related = std::move(related);
  set_.problems.push_back(std::move(problem));
}

void SetBuilder::add_ignored(const std::string& file, std::string message) {
  if (const auto source = add_source(file)) add_problem("layout-error", *source, {}, std::move(message));
}

int VersionLine::compare(std::string_view a, std::string_view b) const {
  return order_ == Order::number ? compare_numbers(a, b) : a.compare(b);
}

void VersionLine::add(std::string_view version, std::string_view title, Direction direction, Part part) {
  Migration added;
  added.revision = version;
  added.title = title;
  (direction == Direction::upgrade ? added.upgrade : added.downgrade) = std::move(part);
  halves_.push_back(std::move(added));
}

std::optional<Migration> unread_migration(SetBuilder& builder, const std::string& file, std::string_view revision, std::string_view title,
                                          std::string_view language) {
  const auto source = builder.add_source(file);
  if (!source) return std::nullopt;
  Migration migration;
  migration.revision = revision;
  migration.title = title;
  migration.unread = language;
  migration.downgrade_expected = false;
  migration.upgrade.emplace();
  migration.upgrade->source = *source;
  migration.upgrade->chunks = {{0, 0}};
  return migration;
}

void VersionLine::add_unread(const std::string& file, std::string_view version, std::string_view title, std::string_view language) {
  if (auto migration = unread_migration(*builder_, file, version, title, language)) halves_.push_back(*std::move(migration));
}

void VersionLine::finish() {
  std::stable_sort(halves_.begin(), halves_.end(), [this](const Migration& a, const Migration& b) {
    const int order = compare(a.revision, b.revision);
    return order != 0 ? order < 0 : a.upgrade.has_value() && !b.upgrade.has_value();
  });
  for (std::size_t begin = 0; begin < halves_.size();) {
    std::size_t end = begin + 1;
    while (end < halves_.size() && compare(halves_[begin].revision, halves_[end].revision) == 0) ++end;
    join(std::span(halves_).subspan(begin, end - begin));
    begin = end;
  }
  link_in_order(builder_->set());
}

void VersionLine::join(std::span<Migration> halves) {
  std::vector<Migration>& migrations = builder_->set().migrations;
  const std::size_t first = migrations.size();
  for (Migration& half : halves) {
    Migration* partner = nullptr;
    if (half.downgrade) {
      for (std::size_t i = first; i < migrations.size(); ++i) {
        if (migrations[i].downgrade) continue;
        // With two upgrades of one version, the downgrade belongs to the one from its file, or with its name.
        const bool same = source_of(migrations[i]) == half.downgrade->source || migrations[i].title == half.title;
        if (partner == nullptr || same) partner = &migrations[i];
        if (same) break;
      }
    }
    if (partner != nullptr) {
      partner->downgrade = std::move(half.downgrade);
      continue;
    }
    const std::size_t source = source_of(half);
    if (migrations.size() > first) {
      const std::size_t other = half.upgrade ? source_of(migrations[first]) : migrations[first].downgrade->source;
      builder_->add_problem("duplicate-version", source, {},
                            fmt::format("version {} has two {}s, {} and {}: {}", half.revision, half.upgrade ? "upgrade" : "downgrade",
                                        builder_->name(other), builder_->name(source), words_.duplicate),
                            {{other, {}, "the other one"}});
    } else if (half.downgrade && !words_.orphan.empty()) {
      builder_->add_problem("layout-error", source, {},
                            fmt::format("version {} has a downgrade but no upgrade: {}", half.revision, words_.orphan));
    }
    migrations.push_back(std::move(half));
  }
}

void link_in_order(MigrationSet& set) {
  const Migration* before = nullptr;
  for (Migration& migration : set.migrations) {
    if (migration.repeatable) continue;
    if (before != nullptr) migration.parents = {before->revision};
    before = &migration;
  }
  set.heads.clear();
  if (before != nullptr) set.heads.push_back(before->revision);
}

std::size_t source_of(const Migration& migration) {
  return migration.upgrade ? migration.upgrade->source : migration.downgrade ? migration.downgrade->source : 0;
}

}  // namespace cupel::migrations

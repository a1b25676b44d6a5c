// Liquibase 4.31: changelogs include each other and hold changesets, each in a transaction of its own unless runInTransaction:false,
// its statements one by one (ChangeSet.java execute). ${name} is what a property says.
// Changes that are no SQL are not read.
#include "migrations/changelog.h"
#include "migrations/changelog_document.h"
#include "migrations/file_name.h"
#include "migrations/set_builder.h"
#include "migrations/text_lines.h"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <fmt/format.h>

namespace cupel::migrations::runners {
namespace {

// The file itself, or one below the folder.
bool matches(std::string_view file, std::string_view path) {
  const std::string_view folder = folder_name(file);
  const auto ends = [](std::string_view whole, std::string_view end) {
    return whole == end || (whole.ends_with(end) && whole[whole.size() - end.size() - 1] == '/');
  };
  return ends(file, path) || (!folder.empty() && ends(folder, path));
}

// The files that a path means, which begins at some folder of the class path: by the longest end that they share with it.
std::vector<std::string> files_meant(const Folder& folder, std::string_view path) {
  while (path.starts_with("./") || path.starts_with("../") || path.starts_with("classpath:") || path.starts_with('/')) {
    path.remove_prefix(path.starts_with("./") ? 2 : path.starts_with("../") ? 3 : path.starts_with('/') ? 1 : 10);
  }
  while (path.ends_with('/')) path.remove_suffix(1);
  std::vector<std::string> found;
  for (std::string_view end = path; !end.empty() && found.empty();) {
    for (const std::string& file : folder.files()) {
      if (matches(file, end)) found.push_back(file);
    }
    const std::size_t slash = end.find('/');
    end = slash == std::string_view::npos ? std::string_view() : end.substr(slash + 1);
  }
  return found;
}

class Reader {
 public:
  explicit Reader(const Folder& folder) : folder_(folder), builder_(folder, "liquibase") {}

  MigrationSet take() {
    std::vector<std::string> changelogs;
    for (const std::string& file : folder_.files()) {
      if (is_named_as_changelog(file)) changelogs.push_back(file);
    }
    // Those that no other one includes come first, then whatever is left: changelogs may include each other.
    std::set<std::string> included;
    for (const std::string& file : changelogs) {
      for (const std::string& target : included_by(file)) {
        if (target != file) included.insert(target);
      }
    }
    for (const std::string& file : changelogs) {
      if (!included.contains(file)) visit(file);
    }
    for (const std::string& file : changelogs) visit(file);
    // What a changeset sends from a file is no changelog of its own.
    for (const std::string& file : folder_.files()) {
      if (is_sql_file(file) && !sent_.contains(file)) visit(file);
    }
    for (Migration& migration : builder_.set().migrations) migration.downgrade_expected = any_down_ && migration.unread.empty();
    link_in_order(builder_.set());
    return builder_.take();
  }

 private:
  const std::optional<Changelog>& changelog_of(const std::string& file) {
    const auto known = changelogs_.find(file);
    if (known != changelogs_.end()) return known->second;
    std::optional<Changelog>& changelog = changelogs_[file];
    const auto text = folder_.read(file);
    if (!text) return changelog;
    if (is_document(file)) changelog = read_changelog(file, (*text)->text());
    else if (is_formatted_sql((*text)->text())) changelog = read_formatted_sql((*text)->text());
    return changelog;
  }

  std::vector<std::string> included_by(const std::string& file) {
    std::vector<std::string> files;
    const std::optional<Changelog>& changelog = changelog_of(file);
    if (!changelog) return files;
    for (const auto& entry : changelog->entries) {
      const auto* include = std::get_if<Changelog::Include>(&entry);
      if (include == nullptr) continue;
      for (std::string& target : files_meant(folder_, include->path)) files.push_back(std::move(target));
    }
    return files;
  }

  void visit(const std::string& file) {
    if (!seen_.insert(file).second) return;
    if (!is_document(file) && !is_sql_file(file)) return;
    const std::optional<Changelog>& changelog = changelog_of(file);
    if (!changelog) return add_unreadable(file);
    std::optional<Texts> texts;
    if (changelog->refused) {
      texts = add_texts(file, *changelog);
      if (texts) {
        builder_.add_problem("layout-error", texts->upgrade, changelog->refused->place,
                             fmt::format("liquibase refuses this file: {}", changelog->refused->message));
      }
    }
    for (const auto& entry : changelog->entries) {
      if (const auto* include = std::get_if<Changelog::Include>(&entry)) {
        for (const std::string& target : files_meant(folder_, include->path)) visit(target);
        continue;
      }
      if (!texts) texts = add_texts(file, *changelog);
      if (texts) add(file, *changelog, std::get<Changelog::Changeset>(entry), *texts);
    }
  }

  // It may have been a changelog.
  void add_unreadable(const std::string& file) {
    if (!folder_.read(file)) builder_.add_source(file);
  }

  // The sources that a changelog's changesets are in.
  struct Texts {
    std::size_t upgrade, downgrade;
  };

  std::optional<Texts> add_texts(const std::string& file, const Changelog& changelog) {
    const auto source = builder_.add_source(file);
    if (!source) return std::nullopt;
    Texts texts{*source, *source};
    std::vector<std::shared_ptr<const SourceText>>& sources = builder_.set().sources;
    const std::string name = sources[*source]->name();
    if (sources[*source]->text() != changelog.text) sources[*source] = std::make_shared<const SourceText>(name, changelog.text);
    if (changelog.downgrade_text.empty() || !has_downgrade(changelog)) return texts;
    texts.downgrade = sources.size();
    sources.push_back(std::make_shared<const SourceText>(name, changelog.downgrade_text));
    return texts;
  }

  static bool has_downgrade(const Changelog& changelog) {
    return std::any_of(changelog.entries.begin(), changelog.entries.end(), [](const auto& entry) {
      const auto* changeset = std::get_if<Changelog::Changeset>(&entry);
      return changeset != nullptr && changeset->has_downgrade;
    });
  }

  void add(const std::string& file, const Changelog& changelog, const Changelog::Changeset& changeset, const Texts& texts) {
    if (changeset.other_database) return;
    Migration migration;
    migration.revision = fmt::format("{}::{}::{}", base_name(file), changeset.id, changeset.author);
    migration.title = changeset.id;
    migration.repeatable = changeset.repeats;
    if (!known_.insert(file + "::" + changeset.id + "::" + changeset.author).second) {
      builder_.add_problem("duplicate-version", texts.upgrade, changeset.heading,
                           fmt::format("changeset {}:{} is in this file twice: liquibase refuses it", changeset.author, changeset.id));
    }
    Part empty;
    empty.mode = changeset.outside_transaction ? TransactionMode::none : TransactionMode::per_file;
    empty.source = texts.upgrade;
    empty.mode_marker = changeset.mode_marker;
    empty.chunks = {{changeset.heading.end, changeset.heading.end}};
    if (std::any_of(changeset.upgrade.begin(), changeset.upgrade.end(), [](const auto& change) { return change.is_unread(); }))
      migration.unread = changelog.format;
    std::vector<Part> pieces = parts_of(changeset.upgrade, empty);
    if (changeset.has_downgrade) {
      any_down_ = true;
      empty.source = texts.downgrade;
      migration.downgrade = parts_of(changeset.downgrade, empty).front();
    }
    // A changeset whose SQL is in several files is as many migrations, of which only the last is taken back.
    const std::string revision = migration.revision;
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      Migration piece;
      piece.revision = i == 0 ? revision : fmt::format("{}#{}", revision, i + 1);
      piece.title = migration.title;
      piece.repeatable = migration.repeatable;
      piece.unread = migration.unread;
      if (i + 1 == pieces.size()) piece.downgrade = std::move(migration.downgrade);
      piece.upgrade = std::move(pieces[i]);
      builder_.set().migrations.push_back(std::move(piece));
    }
  }

  // What the changes send, a part for each file that it is in; at least one, which is `empty` where they send nothing.
  std::vector<Part> parts_of(const std::vector<Changelog::Change>& changes, const Part& empty) {
    std::vector<Part> parts;
    for (const Changelog::Change& change : changes) {
      if (!change.file.empty()) {
        if (auto part = part_of_file(change, empty)) parts.push_back(*std::move(part));
        continue;
      }
      if (change.sql.empty()) continue;
      if (parts.empty() || parts.back().source != empty.source) {
        parts.push_back(empty);
        parts.back().chunks.clear();
      }
      parts.back().chunks.insert(parts.back().chunks.end(), change.sql.begin(), change.sql.end());
    }
    if (parts.empty()) parts.push_back(empty);
    for (Part& part : parts) {
      for (const Span chunk : part.chunks) add_placeholders(builder_.text(part.source), chunk, part.placeholders);
    }
    return parts;
  }

  std::optional<Part> part_of_file(const Changelog::Change& change, const Part& like) {
    const std::vector<std::string> files = files_meant(folder_, change.file);
    if (files.empty()) {
      builder_.add_problem("layout-error", like.source, like.chunks.front(),
                           fmt::format("the file {} that this changeset sends is not here", change.file));
      return std::nullopt;
    }
    sent_.insert(files.front());
    const auto source = builder_.add_source(files.front());
    if (!source) return std::nullopt;
    Part part = like;
    part.source = *source;
    part.mode_marker = {};
    part.chunks =
        cut_at_delimiter(builder_.text(*source), {0, static_cast<std::uint32_t>(builder_.text(*source).size())}, change.delimiter);
    return part;
  }

  const Folder& folder_;
  SetBuilder builder_;
  std::map<std::string, std::optional<Changelog>> changelogs_;
  std::set<std::string> seen_;
  std::set<std::string> sent_;
  std::set<std::string> known_;
  bool any_down_ = false;
};

Recognition recognise(const Folder& folder) {
  for (const std::string& file : folder.files()) {
    if (!folder_name(file).empty() || !is_named_as_changelog(file)) continue;
    const auto text = folder.read(file);
    if (text && read_changelog(file, (*text)->text())) return Recognition::certain;
  }
  std::size_t read = 0;
  for (const std::string& file : folder.files()) {
    if (!is_sql_file(file)) continue;
    const auto text = folder.read(file);
    if (text && is_formatted_sql((*text)->text())) return Recognition::certain;
    if (++read == 3) break;  // a folder of other SQL
  }
  return Recognition::no;
}

Result<MigrationSet> read(const Folder& folder) { return Reader(folder).take(); }

}  // namespace

constexpr Record records[] = {
    {.table = "databasechangelog",
     .applied = "SELECT regexp_replace(filename, '^.*/', '') || '::' || id || '::' || author FROM databasechangelog"},
};

extern const Layout layout_liquibase;
const Layout layout_liquibase = {
    .name = "liquibase",
    .title = "Liquibase (changelogs in XML, YAML, JSON and formatted SQL)",
    .files = "changelogs (*changelog*, *master*) with sql and sqlFile; *.sql that begin with --liquibase formatted sql",
    .order = "as the changelogs include them, then file name",
    .downgrade = "rollback elements, --rollback lines",
    .transactions = "Statements one by one in a transaction per changeset; 'runInTransaction:false' turns it off for the changeset.",
    .opt_out = "runInTransaction:false",
    .late_migration = "liquibase runs this one after it, out of order",
    .recognise = recognise,
    .read = read,
    .records = records,
};

}  // namespace cupel::migrations::runners

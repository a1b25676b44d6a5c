#include "migrations/new_revision.h"

#include "base/ascii.h"
#include "base/suggest.h"
#include "migrations/file_name.h"
#include "migrations/file_store.h"
#include "migrations/revision_map.h"
#include "migrations/set_builder.h"
#include "migrations/text_lines.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <set>
#include <unordered_map>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace cupel::migrations {
namespace {

constexpr std::array<std::string_view, 10> placeholders = {"date", "time",   "year",   "month", "day",
                                                           "hour", "minute", "second", "slug",  "id"};

Error usage(std::string message) { return {ErrorCode::usage, std::move(message)}; }
Error graph_error(std::string message) { return {ErrorCode::graph, std::move(message)}; }

struct NameParts {
  std::tm time{};
  std::string_view slug, id;
};

std::string value_of(std::string_view placeholder, const NameParts& parts) {
  const auto two = [](int number) { return fmt::format("{:02}", number); };
  if (placeholder == "date") return fmt::format("{:%Y%m%d}", parts.time);
  if (placeholder == "time") return fmt::format("{:%H%M%S}", parts.time);
  if (placeholder == "year") return fmt::format("{:04}", parts.time.tm_year + 1900);
  if (placeholder == "month") return two(parts.time.tm_mon + 1);
  if (placeholder == "day") return two(parts.time.tm_mday);
  if (placeholder == "hour") return two(parts.time.tm_hour);
  if (placeholder == "minute") return two(parts.time.tm_min);
  if (placeholder == "second") return two(parts.time.tm_sec);
  return std::string(placeholder == "slug" ? parts.slug : parts.id);
}

// `file_name` with its placeholders filled in. The error names one that is none.
Result<std::string> fill_in(std::string_view file_name, const NameParts& parts) {
  std::string filled;
  while (!file_name.empty()) {
    const std::size_t open = std::min(file_name.find('{'), file_name.size());
    filled += file_name.substr(0, open);
    file_name.remove_prefix(open);
    if (file_name.empty()) break;
    const std::size_t close = file_name.find('}');
    const std::string_view name = file_name.substr(1, close == std::string_view::npos ? close : close - 1);
    if (close == std::string_view::npos || std::find(placeholders.begin(), placeholders.end(), name) == placeholders.end()) {
      const auto meant = closest_match(name, placeholders);
      return usage(fmt::format("unknown placeholder {{{}}}{}; there are {{{}}}", name,
                               meant ? fmt::format(", did you mean {{{}}}?", *meant) : "", fmt::join(placeholders, "}, {")));
    }
    filled += value_of(name, parts);
    file_name.remove_prefix(close + 1);
  }
  return filled;
}

std::tm utc(std::time_t time) {
  std::tm broken_down{};
  ::gmtime_r(&time, &broken_down);
  return broken_down;
}

// A comment line that no runner takes for a marker: cupel:upgrade, +goose Up, migrate:up, no-transaction.
std::string comment_line(std::string_view line) {
  const std::string_view first = line.substr(0, line.find(' '));
  const bool begins_plainly =
      line.empty() || static_cast<unsigned char>(line.front()) >= 0x80 || std::isalnum(static_cast<unsigned char>(line.front())) != 0;
  const bool may_be_marker = !begins_plainly || first.find(':') != std::string_view::npos || first == "no-transaction";
  return fmt::format("--{}{}{}\n", line.empty() ? "" : " ", may_be_marker ? "Message: " : "", line);
}

std::string comment_lines(std::string_view message) {
  std::string lines;
  TextLines rest(message);
  while (const auto line = rest.next()) {
    std::string text(trim(line->of(message)));
    // Other control characters would end the comment or hide what stands in it.
    std::replace_if(
        text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7F; }, ' ');
    lines += comment_line(text);
  }
  return lines;
}

class Maker {
 public:
  Maker(const MigrationSet& set, std::span<const std::string> files, const NewRevision& asked) : map_(set.migrations), asked_(asked) {
    for (const std::string& file : files) files_.insert(lower_case(file));
    for (const Migration& migration : set.migrations) {
      ids_.insert(lower_case(migration.revision));
      for (const std::string& label : migration.labels) labels_.insert(lower_case(label));
    }
  }

  Result<RevisionFile> make() {
    if (is_blank(asked_.message)) return usage("a revision needs a message: -m \"what it does\"");
    TRY_VOID(check_file_name_template(asked_.file_name));
    TRY_VOID(map_.check());
    RevisionFile file;
    TRY_ASSIGN(const Indices parents, parents_wanted());
    for (const std::size_t parent : parents) file.parents.push_back(map_.migrations()[parent].revision);
    TRY_ASSIGN(const std::vector<std::string> dependencies, dependencies_wanted());
    TRY_VOID(name(file));
    TRY_VOID(check_labels(file.revision));
    file.text = text(file, dependencies);
    return file;
  }

 private:
  using Indices = std::vector<std::size_t>;

  [[nodiscard]] std::string names(const Indices& migrations) const {
    std::vector<std::string> all;
    for (const std::size_t migration : migrations) all.push_back(map_.name(migration));
    return fmt::format("{}", fmt::join(all, ", "));
  }

  [[nodiscard]] Result<Indices> parents_wanted() const {
    if (asked_.parents.empty()) return parents_by_default();
    Indices parents;
    for (const std::string& parent : asked_.parents) {
      if (parent == "base") {
        if (asked_.parents.size() > 1) return usage("--parent base begins a history, so there is no other parent");
        return Indices{};
      }
      Indices found;
      if (parent == "heads") {
        found = map_.heads();
      } else {
        TRY_ASSIGN(const std::size_t one, map_.resolve_one(parent, unasked_, asked_.merge ? "to merge" : "--parent"));
        found = {one};
      }
      for (const std::size_t one : found) {
        if (std::find(parents.begin(), parents.end(), one) == parents.end()) parents.push_back(one);
      }
    }
    if (asked_.merge && parents.size() < 2) {
      return graph_error(fmt::format("a merge needs two revisions, and {} is one", names(parents)));
    }
    TRY_VOID(check_parents(parents));
    return parents;
  }

  [[nodiscard]] Result<Indices> parents_by_default() const {
    const Indices& heads = map_.heads();
    if (asked_.merge) {
      if (heads.empty()) return graph_error("there are no revisions to merge");
      if (heads.size() == 1) return graph_error(fmt::format("there is one head, {}: nothing to merge", names(heads)));
    } else if (heads.size() > 1) {
      return graph_error(
          fmt::format("there are {} heads: {}; say which one this comes after with --parent, or join them "
                      "first: cupel merge -m MESSAGE",
                      heads.size(), names(heads)));
    }
    return heads;
  }

  [[nodiscard]] Status check_parents(const Indices& parents) const {
    for (const std::size_t parent : parents) {
      const auto children = map_.graph().children(parent);
      if (!children.empty() && !asked_.splice) {
        return graph_error(fmt::format("{} is no head, {} already come{} after it; --splice begins a branch there", map_.name(parent),
                                       names({children.begin(), children.end()}), children.size() == 1 ? "s" : ""));
      }
    }
    for (const std::size_t one : parents) {
      for (const std::size_t other : parents) {
        if (one == other || !map_.comes_before(one, other)) continue;
        return graph_error(fmt::format("{} comes before {} already: name only the latter", map_.name(one), map_.name(other)));
      }
    }
    return success();
  }

  [[nodiscard]] Result<std::vector<std::string>> dependencies_wanted() const {
    std::vector<std::string> dependencies;
    for (const std::string& dependency : asked_.depends_on) {
      TRY_ASSIGN(const std::size_t found, map_.resolve_one(dependency, unasked_, "--depends-on"));
      const std::string& revision = map_.migrations()[found].revision;
      if (std::find(dependencies.begin(), dependencies.end(), revision) == dependencies.end()) dependencies.push_back(revision);
    }
    return dependencies;
  }

  [[nodiscard]] Status check_labels(std::string_view revision) const {
    std::set<std::string> own;
    for (const std::string& label : asked_.labels) {
      TRY_VOID(check_name(label, "the label"));
      const std::string folded = lower_case(label);
      if (labels_.contains(folded)) return graph_error(fmt::format("the label {} is another revision's already", label));
      if (ids_.contains(folded) || equals_ignoring_case(label, revision)) {
        return graph_error(fmt::format("the label {} is the id of a revision", label));
      }
      if (!own.insert(folded).second) return usage(fmt::format("the label {} is given twice", label));
    }
    return success();
  }

  // The first free id and name from the time on.
  Status name(RevisionFile& file) const {
    if (!asked_.id.empty()) {
      TRY_VOID(check_name(asked_.id, "the revision id"));
      const std::string folded = lower_case(asked_.id);
      if (ids_.contains(folded)) return graph_error(fmt::format("there is a revision {} already", asked_.id));
      if (labels_.contains(folded)) return graph_error(fmt::format("{} is a label already", asked_.id));
    }
    const std::string_view message = trim(asked_.message);
    const std::string words = slug(message.substr(0, message.find_first_of("\r\n")));
    std::string first_name;
    constexpr std::time_t longest_search = 100'000;
    for (std::time_t time = asked_.time; time < asked_.time + longest_search; ++time) {
      const std::tm broken_down = utc(time);
      file.revision = asked_.id.empty() ? fmt::format("{:%Y%m%d_%H%M%S}", broken_down) : asked_.id;
      if (asked_.id.empty() && (ids_.contains(file.revision) || labels_.contains(file.revision))) continue;
      TRY_ASSIGN(file.name, fill_in(asked_.file_name, {broken_down, words, file.revision}));
      if (!files_.contains(lower_case(file.name))) return check_length(file);
      if (first_name.empty()) {
        first_name = file.name;
      } else if (first_name == file.name) {
        break;  // no time is in it
      }
    }
    return usage(fmt::format("there is a file {} already (the case of letters does not count)", first_name));
  }

  static Status check_length(const RevisionFile& file) {
    constexpr std::size_t longest = 240;  // file systems have 255 bytes, and writing begins under a longer name
    if (file.name.size() <= longest) return success();
    return usage(fmt::format("the file's name would have {} bytes; {} is the most", file.name.size(), longest));
  }

  [[nodiscard]] std::string text(const RevisionFile& file, const std::vector<std::string>& dependencies) const {
    std::string text = comment_lines(trim(asked_.message));
    std::string named;
    if (const auto dated = dated_name(stem(file.name))) named = dated->version;
    std::replace(named.begin(), named.end(), '-', '_');
    if (named != file.revision) text += fmt::format("-- cupel:revision {}\n", file.revision);
    const auto list = [](const std::vector<std::string>& words) { return fmt::format("{}", fmt::join(words, ", ")); };
    text += fmt::format("-- cupel:parent {}\n", file.parents.empty() ? "none" : list(file.parents));
    if (!asked_.labels.empty()) text += fmt::format("-- cupel:label {}\n", list(asked_.labels));
    if (!dependencies.empty()) text += fmt::format("-- cupel:depends-on {}\n", list(dependencies));
    return text + "\n-- cupel:upgrade\n\n-- cupel:downgrade\n";
  }

  RevisionMap map_;
  const NewRevision& asked_;
  const Applied unasked_{.revisions = {}, .known = false};
  std::set<std::string> files_, ids_, labels_;  // in lower case
};

}  // namespace

Status check_file_name_template(std::string_view file_name) {
  const auto filled = fill_in(file_name, {utc(0), "slug", "id"});
  if (!filled) return filled.error();
  const auto refuse = [&](std::string_view why) { return usage(fmt::format("the file name \"{}\" {}", file_name, why)); };
  if (filled->find_first_of("/\\") != std::string::npos) return refuse("holds a slash: revisions lie side by side in one folder");
  if (!filled->ends_with(".sql")) return refuse("must end in .sql");
  if (filled->front() == '.') return refuse("begins with a dot, and hidden files are not read");
  const auto with_other_slug = fill_in(file_name, {utc(0), "other", "other"});
  if (*with_other_slug == *filled) return refuse("needs {slug} or {id}, which tell one revision from the next");
  return success();
}

Status check_neighbours(const std::string& folder, std::span<const std::string> files, const RevisionFile& file) {
  FileStore store;
  store.put(join_path(folder, file.name), std::make_shared<const SourceText>(file.name, file.text));
  const auto read = [&](std::vector<std::string> names) {
    std::sort(names.begin(), names.end());
    const FolderView view(folder, std::move(names), store, FolderView::Surroundings::hidden);
    return find_layout("cupel")->read(view);
  };
  std::vector<std::string> names(files.begin(), files.end());
  TRY_ASSIGN(const MigrationSet before, read(names));
  names.push_back(file.name);
  TRY_ASSIGN(const MigrationSet after, read(names));
  std::unordered_map<std::string_view, const Migration*> known;
  for (const Migration& migration : before.migrations) known.emplace(migration.revision, &migration);
  for (const Migration& migration : after.migrations) {
    const auto found = known.find(migration.revision);
    if (found == known.end() || found->second->parents == migration.parents) continue;
    const std::vector<std::string>& parents = found->second->parents;
    return usage(
        fmt::format("{} states no parent, so it comes after the file before it by name, which would now be {}; write "
                    "'-- cupel:parent {}' into it first",
                    after.sources[source_of(migration)]->name(), file.name, parents.empty() ? "none" : parents.front()));
  }
  return success();
}

Result<RevisionFile> make_revision(const MigrationSet& set, std::span<const std::string> files, const NewRevision& asked) {
  return Maker(set, files, asked).make();
}

}  // namespace cupel::migrations

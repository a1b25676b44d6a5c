// From what the user named to migration sets: which folders are whose, and what is left over.
#include "migrations/atlas_sum.h"
#include "migrations/changelog_document.h"
#include "migrations/file_name.h"
#include "migrations/file_store.h"
#include "migrations/layout.h"
#include "migrations/lock_file.h"
#include "migrations/script_includes.h"
#include "migrations/set_builder.h"
#include "migrations/text_lines.h"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace cupel::migrations {

const Layout* find_layout(std::string_view name) {
  for (const Layout* layout : layouts()) {
    if (layout->name == name) return layout;
  }
  return nullptr;
}

// Those of Alembic and Rails, too, whose migrations are no folders of SQL, and Liquibase's second one.
bool is_record_table(std::string_view table) {
  constexpr std::array<std::string_view, 4> others = {"alembic_version", "databasechangeloglock", "schema_migrations",
                                                      "ar_internal_metadata"};
  return std::ranges::find(others, table) != others.end() || std::ranges::any_of(layouts(), [table](const Layout* layout) {
           return std::ranges::find(layout->records, table, &Record::table) != layout->records.end();
         });
}

namespace {

constexpr std::string_view plain_name = "plain";

Error not_readable(std::string message) { return {ErrorCode::unreadable, std::move(message)}; }

Result<const Layout*> forced_layout(std::string_view name) {
  if (name.empty()) return static_cast<const Layout*>(nullptr);
  if (const Layout* layout = find_layout(name)) return layout;
  std::vector<std::string_view> names;
  for (const Layout* layout : layouts()) names.push_back(layout->name);
  return Error{ErrorCode::usage, fmt::format("unknown layout '{}'; there are: {}", name, fmt::join(names, ", "))};
}

struct Recognised {
  const Layout* layout = nullptr;  // never plain
  Recognition recognition = Recognition::no;
};
Recognised recognise(const Folder& folder) {
  Recognised best;
  for (const Layout* layout : layouts()) {
    if (layout->name == plain_name) continue;
    const Recognition recognition = layout->recognise(folder);
    if (recognition > best.recognition) best = {layout, recognition};
  }
  return best;
}

// The folder's cupel.lock, if it has one, against what was read.
void check_lock_file(const Folder& folder, MigrationSet& set, Extent extent) {
  const std::string name(lock_file_name);
  if (!std::binary_search(folder.files().begin(), folder.files().end(), name)) return;
  const std::size_t index = set.sources.size();
  const auto source = folder.read(name);
  Problem broken;
  broken.source = index;
  if (!source) {
    set.sources.push_back(std::make_shared<const SourceText>(join_path(folder.path(), name), ""));
    broken.rule = "unreadable-file";
    broken.message = source.error().message;
    set.problems.push_back(std::move(broken));
    return;
  }
  set.sources.push_back(*source);
  const LockFileReading reading = parse_lock_file(*source);
  if (reading.error) {
    broken.rule = "layout-error";
    broken.span = reading.error->span;
    broken.message = reading.error->message;
    set.problems.push_back(std::move(broken));
    return;
  }
  std::vector<Problem> problems = compare(reading.file, set, extent);
  if (problems.empty()) set.sources.pop_back();
  std::move(problems.begin(), problems.end(), std::back_inserter(set.problems));
}

// What `overlay` says of the files below `folder`, in and out of a sorted listing.
void lay_over(const Overlay& overlay, const std::string& folder, Depth depth, std::vector<std::string>& files) {
  const std::string prefix = folder.empty() || folder == "." ? "" : join_path(folder, "");
  bool changed = false;
  for (auto entry = overlay.lower_bound(prefix); entry != overlay.end() && entry->first.starts_with(prefix); ++entry) {
    const std::string file = entry->first.substr(prefix.size());
    if (depth == Depth::folder_only && file.find('/') != std::string::npos) continue;
    if (prefix.empty() && (file.starts_with('/') || file.starts_with("../"))) continue;
    const bool hidden =
        file.starts_with('.') || file.find("/.") != std::string::npos || ("/" + file).find("/node_modules/") != std::string::npos;
    if (hidden) continue;
    const auto at = std::ranges::find(files, file);
    if (!entry->second && at != files.end()) files.erase(at);
    if (!entry->second || at != files.end()) continue;
    files.push_back(file);
    changed = true;
  }
  if (changed) std::ranges::sort(files);
}

PathKind kind_under(const std::string& path, const Overlay& overlay) {
  if (const auto entry = overlay.find(path); entry != overlay.end()) return entry->second ? PathKind::file : PathKind::missing;
  const PathKind kind = path_kind(path);
  if (kind != PathKind::missing) return kind;
  const auto below = overlay.lower_bound(path + "/");
  return below != overlay.end() && below->first.starts_with(path + "/") ? PathKind::folder : PathKind::missing;
}

// A folder's name that says that what is below belongs together, whoever runs it.
bool is_migrations_folder(std::string_view name) { return name == "migrations" || name == "migration" || name == "migrate"; }

bool may_have_sql(std::string_view file) { return is_sql_file(file) || is_shell_script(file) || may_be_document_with_sql(file); }

// Reads all that is below one folder.
class TreeReader {
 public:
  TreeReader(std::string root, FileStore& store, const Layout* forced) : root_(std::move(root)), store_(store), forced_(forced) {}

  Result<std::vector<MigrationSet>> read(FolderListing listing, const TextGenerator& generate = nullptr) {
    if (generate) add_generated(listing, generate);
    TRY_VOID(visit("", without_other_databases(std::move(listing.files))));
    for (auto& [folder, files] : left_over_) TRY_VOID(read_plain(folder, std::move(files)));
    if (sets_.empty() && generate && listing.unreadable.empty()) return std::move(sets_);
    if (sets_.empty()) {
      const std::string what = forced_ != nullptr ? fmt::format("{} migrations", forced_->name) : std::string("SQL files");
      const std::string reason =
          listing.unreadable.empty() ? std::string() : fmt::format(" ({}: {})", listing.unreadable[0].path, listing.unreadable[0].reason);
      return not_readable(fmt::format("no {} in {} or below it{}", what, root_, reason));
    }
    for (const auto& [path, reason] : listing.unreadable) add_unreadable(path, reason);
    return std::move(sets_);
  }

 private:
  void add_generated(FolderListing& listing, const TextGenerator& generate) {
    for (GeneratedText& generated : generate(root_, listing.files)) {
      const std::string path = join_path(root_, generated.alias);
      aliases_.emplace(generated.text.get(), path);
      store_.put(path, std::move(generated.text));
      const auto at = std::lower_bound(listing.files.begin(), listing.files.end(), generated.alias);
      if (at == listing.files.end() || *at != generated.alias) listing.files.insert(at, std::move(generated.alias));
    }
  }

  [[nodiscard]] FolderView view(const std::string& below, std::vector<std::string> files) const {
    const std::string path = below.empty() ? root_ : join_path(root_, below.substr(0, below.size() - 1));
    return {path, std::move(files), store_, FolderView::Surroundings::visible};
  }

  // `below`: "" or "a/b/"; `files`: relative to it, sorted.
  Status visit(const std::string& below, std::vector<std::string> files) {
    if (std::none_of(files.begin(), files.end(), may_have_sql)) return success();
    const FolderView folder = view(below, std::move(files));
    const Layout* layout = forced_ != nullptr ? forced_ : recognise(folder).layout;
    std::unordered_set<std::string> taken;  // paths as users see them
    if (layout != nullptr) {
      TRY_ASSIGN(MigrationSet set, layout->read(folder));
      if (!set.migrations.empty() || !set.problems.empty()) {
        check_lock_file(folder, set, Extent::whole_folder);
        check_atlas_sum(folder, set);
        for (const auto& source : set.sources) {
          taken.insert(source->name());
          if (const auto alias = aliases_.find(source.get()); alias != aliases_.end()) taken.insert(alias->second);
        }
        for (const std::string& file : set.left_out) taken.insert(join_path(folder.path(), file));
        sets_.push_back(std::move(set));
      }
    }
    return visit_rest(folder, below, taken);
  }

  // What no layout took here: the folder's own files wait for the end, folders below are asked in turn.
  Status visit_rest(const FolderView& folder, const std::string& below, const std::unordered_set<std::string>& taken) {
    std::string name;  // of the folder below, with '/'
    std::vector<std::string> files;
    for (const std::string& file : folder.files()) {
      if (!taken.empty() && taken.contains(join_path(folder.path(), file))) continue;
      const std::size_t slash = file.find('/');
      if (slash == std::string::npos) {
        // Beside migrations that were taken, a name for another database's or another tool's is none of ours to judge.
        if (forced_ == nullptr && is_sql_file(file)) leave_over(below, file);
        continue;
      }
      if (file.compare(0, slash + 1, name) != 0) {
        TRY_VOID(visit(below + name, std::exchange(files, {})));
        name = file.substr(0, slash + 1);
      }
      files.push_back(file.substr(slash + 1));
    }
    return files.empty() ? success() : visit(below + name, std::move(files));
  }

  // Files that no layout wants, by the folder that makes them one history.
  void leave_over(const std::string& below, const std::string& file) {
    std::size_t end = 0;
    for (std::size_t begin = 0; begin < below.size() && end == 0;) {
      const std::size_t slash = below.find('/', begin);
      const std::string_view name = std::string_view(below).substr(begin, slash - begin);
      if (name == "deploy" || name == "revert" || name == "verify") break;  // parts of one project above them
      if (is_migrations_folder(name)) end = slash + 1;
      begin = slash + 1;
    }
    const std::string folder = below.substr(0, end);
    const auto same = std::find_if(left_over_.begin(), left_over_.end(), [&folder](const auto& entry) { return entry.first == folder; });
    auto& files = same != left_over_.end() ? same->second : left_over_.emplace_back(folder, std::vector<std::string>{}).second;
    files.push_back(below.substr(end) + file);
  }

  Status read_plain(const std::string& below, std::vector<std::string> files) {
    std::sort(files.begin(), files.end());
    const FolderView with_lock = view(below, std::move(files));
    TRY_ASSIGN(MigrationSet set, find_layout(plain_name)->read(with_lock));
    const FolderView lock = view(below, {std::string(lock_file_name)});
    if (path_kind(join_path(lock.path(), lock_file_name)) == PathKind::file) check_lock_file(lock, set, Extent::whole_folder);
    sets_.push_back(std::move(set));
    return success();
  }

  void add_unreadable(const std::string& path, const std::string& reason) {
    MigrationSet& set = sets_.front();
    Problem problem;
    problem.rule = "unreadable-file";
    problem.source = set.sources.size();
    problem.message = fmt::format("cannot read {}: {}", path, reason);
    set.sources.push_back(std::make_shared<const SourceText>(path, ""));
    set.problems.push_back(std::move(problem));
  }

  std::string root_;
  FileStore& store_;
  const Layout* forced_;
  std::vector<MigrationSet> sets_;
  std::unordered_map<const SourceText*, std::string> aliases_;  // of generated texts: the paths they stand at
  std::vector<std::pair<std::string, std::vector<std::string>>> left_over_;
};

// Of a set, what concerns one source: the user named only that file.
void keep_only(const std::shared_ptr<const SourceText>& wanted, MigrationSet& set) {
  const auto is_wanted = [&](std::size_t source) { return source < set.sources.size() && set.sources[source]->name() == wanted->name(); };
  std::erase_if(set.migrations, [&](const Migration& migration) {
    return !(migration.upgrade && is_wanted(migration.upgrade->source)) && !(migration.downgrade && is_wanted(migration.downgrade->source));
  });
  for (Migration& migration : set.migrations) {
    if (migration.upgrade && !is_wanted(migration.upgrade->source)) migration.upgrade.reset();
  }
  std::erase_if(set.problems, [&](const Problem& problem) {
    return !is_wanted(problem.source) && std::none_of(problem.related.begin(), problem.related.end(),
                                                      [&](const Problem::Place& place) { return is_wanted(place.source); });
  });
}

// A dump that the user named, or piped in, is what they want judged.
void judge_schema_dumps(MigrationSet& set) {
  for (Migration& migration : set.migrations) migration.schema_dump = false;
}

// The number that files of one version share: V2__x.sql and U2__x.sql, 7_x.up.sql and 7_x.down.sql.
std::string_view shared_version(std::string_view file) {
  std::string_view base = stem(file);
  if (base.size() > 1 && (base[0] == 'V' || base[0] == 'U') && !leading_digits(base.substr(1)).empty()) base.remove_prefix(1);
  if (const std::size_t end = base.find("__"); end != std::string_view::npos) return base.substr(0, end);
  return leading_digits(base);
}

// One file the user named, seen in the folder that its runner would be given.
class FileReader {
 public:
  FileReader(std::string path, FileStore& store, const Layout* forced, const Overlay& overlay)
      : path_(std::move(path)), store_(store), forced_(forced), overlay_(overlay) {}

  Result<std::vector<MigrationSet>> read() {
    TRY_ASSIGN(const auto wanted, store_.read(path_));
    find_scope();
    const FolderView alone(scope_, family_, store_, FolderView::Surroundings::visible);
    const FolderView among(scope_, everything_, store_, FolderView::Surroundings::visible);
    std::vector<const Layout*> candidates;
    if (forced_ != nullptr) {
      candidates = {forced_};
    } else {
      // What the file itself says counts most, then what its folder looks like.
      const Recognised by_itself = recognise(alone);
      if (by_itself.recognition == Recognition::certain) candidates.push_back(by_itself.layout);
      if (candidates.empty()) candidates = {recognise(among).layout, by_itself.layout};
      candidates.push_back(find_layout(plain_name));
    }
    for (const Layout* layout : candidates) {
      if (layout == nullptr) continue;
      const std::vector<std::string> script = layout->name == plain_name ? with_included() : std::vector<std::string>();
      TRY_ASSIGN(MigrationSet set,
                 layout->read(script.empty() ? alone : FolderView(scope_, script, store_, FolderView::Surroundings::visible)));
      if (script.empty()) keep_only(wanted, set);
      if (set.migrations.empty()) continue;
      set.path = scope_;
      check_lock_file(alone, set, Extent::some_files);
      set.path = path_;
      judge_schema_dumps(set);
      std::vector<MigrationSet> sets;
      sets.push_back(std::move(set));
      return sets;
    }
    return not_readable(fmt::format("{} is no {} migration", path_, forced_ != nullptr ? forced_->name : plain_name));
  }

 private:
  // Layouts with a folder per migration see the folder above it.
  void find_scope() {
    std::string folder(folder_name(path_));
    if (folder.empty() && path_.front() == '/') folder = "/";
    const std::string_view base = base_name(path_);
    std::string prefix;
    if ((base == "up.sql" || base == "down.sql" || base == "migration.sql") && !base_name(folder).empty() && base_name(folder) != ".." &&
        base_name(folder) != ".") {
      prefix = std::string(base_name(folder)) + "/";
      scope_ = folder.substr(0, folder.size() - prefix.size() + 1);
      if (scope_.size() > 1 && scope_.back() == '/') scope_.pop_back();
      add_files(scope_, "");
    } else {
      scope_ = folder;
    }
    add_files(folder, prefix);
    file_ = prefix + std::string(base);
    if (!may_have_sql(file_)) {
      // Layouts look at such files only; what the user named is one, whatever it is called.
      const std::string alias = file_ + ".sql";
      if (auto text = store_.read(path_)) store_.put(join_path(scope_, alias), *text);
      file_ = alias;
      everything_.push_back(alias);
    }
    std::sort(everything_.begin(), everything_.end());
    if (!std::binary_search(everything_.begin(), everything_.end(), file_)) {  // hidden, or its folder cannot be listed
      everything_.insert(std::upper_bound(everything_.begin(), everything_.end(), file_), file_);
    }
    for (const std::string& file : everything_) {
      if (!is_sql_file(file) || is_family(file)) family_.push_back(file);
    }
  }

  void add_files(const std::string& folder, const std::string& prefix) {
    auto listing = list_folder(folder, Depth::folder_only);
    if (!listing) return;
    lay_over(overlay_, folder, Depth::folder_only, listing->files);
    for (const std::string& file : listing->files) everything_.push_back(prefix + file);
  }

  // The file and all that it includes, sorted, where it is a script for psql that does; else nothing.
  [[nodiscard]] std::vector<std::string> with_included() const {
    const auto text = store_.read(path_);
    if (!text || (*text)->text().find("\\i") == std::string_view::npos) return {};
    auto listing = list_folder(scope_, Depth::everything_below);
    if (!listing) return {};
    lay_over(overlay_, scope_, Depth::everything_below, listing->files);
    const FolderView all(scope_, std::move(listing->files), store_, FolderView::Surroundings::visible);
    std::vector<std::string> files = {file_};
    for (std::size_t i = 0; i < files.size(); ++i) {
      const auto source = all.read(files[i]);
      if (!source) continue;
      for (ScriptSection& section : sections_of(all, std::string(files[i]), **source)) {
        if (section.file && std::ranges::find(files, *section.file) == files.end()) files.push_back(*std::move(section.file));
      }
    }
    if (files.size() == 1) return {};
    std::ranges::sort(files);
    return files;
  }

  [[nodiscard]] bool is_family(const std::string& file) const {
    if (file == file_) return true;
    if (folder_name(file) != folder_name(file_)) return false;
    if (file_.find('/') != std::string::npos) return true;
    const std::string_view version = shared_version(file_);
    return !version.empty() && shared_version(file) == version;
  }

  std::string path_;
  FileStore& store_;
  const Layout* forced_;
  const Overlay& overlay_;
  std::string scope_;                    // the folder
  std::string file_;                     // the file below it
  std::vector<std::string> everything_;  // in the folder
  std::vector<std::string> family_;      // the file, its other direction, and what is no SQL
};

}  // namespace

namespace {

// A path as files below it are named: "db/" is "db".
std::string without_slashes(std::string path) {
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  return path;
}

}  // namespace

Result<std::vector<MigrationSet>> read_path(const std::string& path, std::string_view forced, const Overlay& overlay, FileStore& disk) {
  TRY_ASSIGN(const Layout* layout, forced_layout(forced));
  const std::string root = without_slashes(path);
  FileStore store(disk);
  for (const auto& [file, text] : overlay) {
    if (text) store.put(file, std::make_shared<const SourceText>(file, *text));
  }
  FolderListing listing;
  switch (kind_under(root, overlay)) {
    case PathKind::missing: return std::vector<MigrationSet>();
    case PathKind::file: {
      auto read = FileReader(root, store, layout, overlay).read();
      if (!read && read.error().code == ErrorCode::unreadable) return std::vector<MigrationSet>();
      return read;
    }
    case PathKind::folder: break;
  }
  if (path_kind(root) == PathKind::folder) { TRY_ASSIGN(listing, list_folder(root, Depth::everything_below)); }
  lay_over(overlay, root, Depth::everything_below, listing.files);
  if (std::ranges::none_of(listing.files, may_have_sql)) return std::vector<MigrationSet>();
  return TreeReader(root, store, layout).read(std::move(listing));
}

Result<std::vector<MigrationSet>> read_path(const std::string& path, std::string_view forced) { return read_path(path, forced, nullptr); }

Result<std::vector<MigrationSet>> read_path(const std::string& path, std::string_view forced, const TextGenerator& generate) {
  TRY_ASSIGN(const Layout* layout, forced_layout(forced));
  const std::string root = without_slashes(path);
  FileStore store;
  switch (path_kind(root)) {
    case PathKind::missing: return not_readable(fmt::format("{} does not exist", path));
    case PathKind::file: {
      const Overlay none;
      return FileReader(root, store, layout, none).read();
    }
    case PathKind::folder: break;
  }
  TRY_ASSIGN(FolderListing listing, list_folder(root, Depth::everything_below));
  return TreeReader(root, store, layout).read(std::move(listing), generate);
}

Result<MigrationSet> read_text(std::string name, std::string bytes, std::string_view forced) {
  TRY_ASSIGN(const Layout* layout, forced_layout(forced));
  const std::string folder(folder_name(name));
  std::string file(base_name(name));
  if (!is_sql_file(file)) file += ".sql";
  FileStore store;
  const auto text = std::make_shared<const SourceText>(std::move(name), std::move(bytes));
  store.put(join_path(folder, file), text);
  const FolderView view(folder, {file}, store, FolderView::Surroundings::hidden);
  std::vector<const Layout*> candidates = {layout != nullptr ? layout : recognise(view).layout};
  if (layout == nullptr) candidates.push_back(find_layout(plain_name));
  for (const Layout* candidate : candidates) {
    if (candidate == nullptr) continue;
    TRY_ASSIGN(MigrationSet set, candidate->read(view));
    set.path = text->name();
    judge_schema_dumps(set);
    if (!set.migrations.empty()) return set;
  }
  return not_readable(fmt::format("{} is no {} migration", text->name(), layout != nullptr ? layout->name : plain_name));
}

}  // namespace cupel::migrations

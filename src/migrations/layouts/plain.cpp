// SQL files of no known runner: each as psql would run it, in byte order of their paths. What a name or a marker line
// says about undoing is believed, since running an undo right after its upgrade would make nonsense of everything that
// follows.
#include "base/ascii.h"
#include "migrations/file_name.h"
#include "migrations/script_includes.h"
#include "migrations/set_builder.h"
#include "migrations/text_lines.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include <fmt/format.h>

namespace cupel::migrations::runners {
namespace {

struct Role {
  std::string key;  // equal for the two directions of one migration
  Direction direction = Direction::upgrade;
  bool sure = true;              // a word like _undo may also be part of a title: then only a partner proves it
  std::string_view down_folder;  // the path up to a folder like revert, where one has to do with it
};

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}
bool means_down(std::string_view word) {
  return is_one_of(word, {"down", "downgrade", "downgrades", "undo", "revert", "rollback", "rollbacks"});
}
bool means_up(std::string_view word) { return is_one_of(word, {"up", "upgrade", "upgrades", "do", "deploy"}); }

Role role_of(std::string_view path) {
  Role role;
  std::string_view folders = folder_name(path);
  while (const auto folder = next_word(folders, "/")) {
    if (means_down(*folder)) {
      role.direction = Direction::downgrade;
      role.sure = false;
      role.down_folder = path.substr(0, static_cast<std::size_t>(folder->data() + folder->size() - path.data()));
    }
    if (!means_down(*folder) && !means_up(*folder)) role.key.append(*folder);
    role.key += '/';
  }
  std::string_view base = stem(path);
  const std::size_t separator = base.find_last_of("._-");
  const std::string last = lower_case(base.substr(separator == std::string_view::npos ? 0 : separator + 1));
  if (means_down(last)) {
    role.direction = Direction::downgrade;
    role.sure = separator == std::string_view::npos || base[separator] == '.';
  }
  if (means_down(last) || means_up(last)) base = base.substr(0, separator == std::string_view::npos ? 0 : separator);
  role.key.append(base);
  return role;
}

// Where the rest of the text is a downgrade, by a line that other runners use: sql-migrate, micrate, node-pg-migrate,
// tern, MyBatis migrations and dbdeploy.
std::optional<Span> downgrade_marker(std::string_view text) {
  constexpr std::array<std::string_view, 6> markers = {
      "-- +migrate down", "-- +micrate down", "-- down migration", "---- create above / drop below ----", "--//@undo", "-- //@undo"};
  if (!contains_ignoring_case(text, "down") && !contains_ignoring_case(text, "drop below") && !contains_ignoring_case(text, "@undo")) {
    return std::nullopt;
  }
  TextLines lines(text);
  while (const auto line = lines.next()) {
    const std::string_view words = trim(line->of(text));
    for (const std::string_view marker : markers) {
      if (words.size() >= marker.size() && equals_ignoring_case(words.substr(0, marker.size()), marker)) return line;
    }
  }
  return std::nullopt;
}

bool is_verification(std::string_view path, const Folder& folder) {
  const std::size_t at = path.find("verify/");
  if (at == std::string_view::npos || (at > 0 && path[at - 1] != '/')) return false;
  const std::string twin = std::string(path.substr(0, at)) + "deploy/";
  const auto found = std::lower_bound(folder.files().begin(), folder.files().end(), twin);
  return found != folder.files().end() && found->compare(0, twin.size(), twin) == 0;
}

// What is a downgrade for sure, by the other files of the folder.
class DowngradeProof {
 public:
  explicit DowngradeProof(const Folder& folder) {
    std::vector<Role> roles;
    for (const std::string& file : folder.files()) {
      if (!is_sql_file(file)) continue;
      roles.push_back(role_of(file));
      if (roles.back().direction == Direction::upgrade) upgrades_.insert(roles.back().key);
    }
    for (const Role& role : roles) {
      if (!role.down_folder.empty() && upgrades_.contains(role.key)) down_folders_.emplace(role.down_folder);
    }
  }
  [[nodiscard]] bool holds(const Role& role) const {
    return role.sure || upgrades_.contains(role.key) || down_folders_.contains(std::string(role.down_folder));
  }

 private:
  std::set<std::string> upgrades_;      // keys
  std::set<std::string> down_folders_;  // one file in them has its upgrade beside them: so the others undo too
};

bool has_version(std::string_view file) {
  const std::string_view base = stem(file);
  return !leading_digits(base).empty() || ((base[0] == 'V' || base[0] == 'v') && !leading_digits(base.substr(1)).empty());
}

// Their names say in which order files run. Those of several folders may be schemas of several versions, each for itself.
bool says_order(const std::vector<std::string>& files) {
  return files.size() < 2 || std::all_of(files.begin(), files.end(), [&files](const std::string& file) {
           return has_version(file) && folder_name(file) == folder_name(files.front());
         });
}

// What pg_dump wrote, or what Rails, dbmate and graphile-migrate keep of it (structure.sql, schema.sql): pg_dump 10.3 and
// newer empties the search path before the first definition, and the runners leave that line. With a version for a name
// it is a migration that somebody made of a dump, and runs.
bool is_schema_dump(std::string_view file, std::string_view text) {
  return !has_version(file) && text.substr(0, 4096).find("pg_catalog.set_config('search_path', '', false)") != std::string_view::npos;
}

Recognition recognise(const Folder& folder) {
  const auto& files = folder.files();
  return std::any_of(files.begin(), files.end(), is_sql_file) ? Recognition::possible : Recognition::no;
}

class PlainReader {
 public:
  explicit PlainReader(const Folder& folder) : folder_(folder), proof_(folder), builder_(folder, "plain") {}

  MigrationSet read() {
    find_scripts();
    std::vector<std::string> roots;
    for (const std::string& file : upgrades_) {
      if (!included_.contains(file)) roots.push_back(file);
    }
    for (const std::string& file : roots) add(file, false);
    builder_.set().order_is_known = says_order(roots);
    // Scripts that include each other only: none of them comes first.
    for (const std::string& file : upgrades_) add(file, false);
    for (const std::string& file : downgrades_) add_downgrade(file);
    // Without a runner nobody knows whether downgrades are wanted; where some are, they are.
    const bool any = std::any_of(migrations_.begin(), migrations_.end(), [](const Migration& m) { return m.downgrade.has_value(); });
    for (Migration& migration : migrations_) migration.downgrade_expected = any && !migration.schema_dump;
    link_in_order(builder_.set());
    return builder_.take();
  }

 private:
  void find_scripts() {
    for (const std::string& file : folder_.files()) {
      if (!is_sql_file(file)) continue;
      const Role role = role_of(file);
      if (is_verification(file, folder_)) {
        builder_.set().left_out.push_back(file);
      } else if (role.direction == Direction::downgrade && proof_.holds(role)) {
        downgrades_.push_back(file);
      } else {
        upgrades_.push_back(file);
      }
    }
    for (const std::string& file : upgrades_) {
      const auto source = folder_.read(file);
      if (!source) continue;
      std::vector<ScriptSection> sections = sections_of(folder_, file, **source);
      for (const ScriptSection& section : sections) {
        if (section.file) included_.insert(*section.file);
      }
      if (!sections.empty()) sections_.emplace(file, std::move(sections));
    }
  }

  // Each file runs once, where the first script includes it. `in_block`: in a transaction that an including script began.
  void add(const std::string& file, bool in_block) {
    if (!added_.insert(file).second) return;
    const auto source = builder_.add_source(file);
    if (!source) return;
    Part part;
    part.source = *source;
    part.mode = in_block ? TransactionMode::per_file : TransactionMode::none;
    const auto sections = sections_.find(file);
    if (sections == sections_.end()) {
      add_migration(file, std::move(part));
      return;
    }
    including_.push_back(file);
    for (const ScriptSection& section : sections->second) {
      if (section.file) {
        include(section, *source, in_block || section.in_block);
      } else if (!section.missing.empty()) {
        builder_.add_problem("layout-error", *source, section.span,
                             fmt::format("there is no {} to include: psql reports it, and with ON_ERROR_STOP ends here", section.missing));
      } else {
        Part piece = part;
        piece.chunks = {section.span};
        if (section.in_block) piece.mode = TransactionMode::per_file;
        add_migration(file, std::move(piece));
      }
    }
    including_.pop_back();
  }

  void include(const ScriptSection& section, std::size_t source, bool in_block) {
    if (std::find(including_.begin(), including_.end(), *section.file) != including_.end()) {
      builder_.add_problem("layout-error", source, section.span,
                           fmt::format("{} includes itself in the end: psql would go round in circles", *section.file));
      return;
    }
    if (std::find(downgrades_.begin(), downgrades_.end(), *section.file) == downgrades_.end()) add(*section.file, in_block);
  }

  void add_migration(const std::string& file, Part part) {
    Migration migration;
    // x.sql and x.sql.postgres are two, and both run: synapse at 0c512ab, storage/prepare_database.py _setup_new_database,
    // sorts them by their names.
    migration.revision = file.substr(0, file.size() - (base_name(file).size() - stem(file).size()));
    if (revisions_.contains(migration.revision) && part.chunks.empty()) migration.revision = file;
    // What a script does between two files that it includes is a migration of its own.
    const std::string first = migration.revision;
    for (int number = 2; !revisions_.insert(migration.revision).second; ++number) migration.revision = fmt::format("{}#{}", first, number);
    migration.title = stem(file);
    const std::string_view text = builder_.text(part.source);
    if (const auto marker = part.chunks.empty() ? downgrade_marker(text) : std::nullopt) {
      Part undo = part;
      undo.chunks = {{marker->end, static_cast<std::uint32_t>(text.size())}};
      part.chunks = {{0, marker->begin}};
      migration.downgrade = std::move(undo);
    }
    migration.schema_dump = part.chunks.empty() && is_schema_dump(file, text);
    migration.upgrade = std::move(part);
    by_key_.emplace(role_of(file).key, migrations_.size());
    migrations_.push_back(std::move(migration));
  }

  void add_downgrade(const std::string& file) {
    const auto source = builder_.add_source(file);
    if (!source) return;
    Part part;
    part.source = *source;
    part.mode = TransactionMode::none;
    const auto partner = by_key_.find(role_of(file).key);
    if (partner != by_key_.end() && !migrations_[partner->second].downgrade) {
      migrations_[partner->second].downgrade = std::move(part);
      return;
    }
    Migration alone;
    alone.revision = file;
    alone.title = stem(file);
    alone.downgrade = std::move(part);
    migrations_.push_back(std::move(alone));
  }

  const Folder& folder_;
  DowngradeProof proof_;
  SetBuilder builder_;
  std::vector<Migration>& migrations_ = builder_.set().migrations;
  std::vector<std::string> upgrades_;                           // files
  std::vector<std::string> downgrades_;                         // files
  std::map<std::string, std::vector<ScriptSection>> sections_;  // of scripts that include others
  std::set<std::string> included_;
  std::set<std::string> added_;
  std::vector<std::string> including_;  // the scripts being read, the outermost first
  std::set<std::string> revisions_;
  std::map<std::string, std::size_t> by_key_;  // an upgrade's migration, by the key of its role
};

Result<MigrationSet> read(const Folder& folder) { return PlainReader(folder).read(); }

}  // namespace

extern const Layout layout_plain;
const Layout layout_plain = {
    .name = "plain",
    .title = "SQL files in order of their names",
    .files = "any .sql, .pgsql, .psql, .ddl",
    .order = "path, byte by byte",
    .downgrade = "x.down.sql, revert/x.sql, marker lines",
    .transactions = "None: statement by statement, as psql runs a file; what BEGIN and COMMIT in the text say.",
    .recognise = recognise,
    .read = read,
};

}  // namespace cupel::migrations::runners

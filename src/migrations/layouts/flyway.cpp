// Flyway 12: flyway-core internal/resource/ResourceNameParser.java (names), api/MigrationVersion.java (order: numbers
// between dots, trailing zeros do not count), internal/sqlscript/ParserSqlScript.java (a transaction per file; without
// one when the file holds only statements that cannot run in one; both kinds are refused unless mixed is set),
// SqlScriptMetadata.java (<file>.conf with executeInTransaction), flyway-database-postgresql PostgreSQLParser.java
// detectCanExecuteInTransaction (which statements those are).
#include "base/ascii.h"
#include "migrations/file_name.h"
#include "migrations/set_builder.h"
#include "migrations/text_lines.h"
#include "sql/script.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include <fmt/format.h>

namespace cupel::migrations::runners {
namespace {

enum class Kind { versioned, undo, baseline, repeatable };
struct Name {
  Kind kind = Kind::versioned;
  std::vector<std::string> numbers;  // of the version, without zeros at their start and end: for order and identity
  std::string version;               // as people write it: 1.2
  std::string title;
};

// V1_2__title.sql; U and B likewise; R__title.sql.
std::optional<Name> name_of(std::string_view file) {
  const std::string_view base = stem(file);
  const std::size_t separator = base.find("__");
  if (separator == std::string_view::npos || !base_name(file).ends_with(".sql")) return std::nullopt;
  Name name;
  switch (base.front()) {
    case 'V': name.kind = Kind::versioned; break;
    case 'U': name.kind = Kind::undo; break;
    case 'B': name.kind = Kind::baseline; break;
    case 'R': name.kind = Kind::repeatable; break;
    default: return std::nullopt;
  }
  name.title = base.substr(separator + 2);
  std::string_view version = base.substr(1, separator - 1);
  if (name.kind == Kind::repeatable) return version.empty() ? std::optional(name) : std::nullopt;
  name.version = version;
  std::replace(name.version.begin(), name.version.end(), '_', '.');
  while (const auto number = next_word(version, "._")) {
    if (!all_digits(*number)) return std::nullopt;
    name.numbers.emplace_back(number->substr(std::min(number->find_first_not_of('0'), number->size())));
  }
  if (name.numbers.empty()) return std::nullopt;
  while (!name.numbers.empty() && name.numbers.back().empty()) name.numbers.pop_back();
  return name;
}

struct ByNumbers {
  bool operator()(const std::vector<std::string>& a, const std::vector<std::string>& b) const {
    return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(),
                                        [](const std::string& x, const std::string& y) { return compare_numbers(x, y) < 0; });
  }
};

Recognition recognise(const Folder& folder) {
  // pgmigrate names files alike, and has this beside their folder.
  if (folder.levels_up("migrations.yml").value_or(2) <= 1) {
    const auto files = direct_sql_files(folder);
    const bool named = std::any_of(files.begin(), files.end(), [](std::string_view file) { return name_of(file).has_value(); });
    return named ? Recognition::possible : Recognition::no;
  }
  std::set<std::vector<std::string>, ByNumbers> versions;
  bool direct = false;
  bool twice = false;
  for (const std::string& file : folder.files()) {
    const auto name = name_of(file);
    if (!name) continue;
    direct = direct || file.find('/') == std::string::npos;
    if (name->kind == Kind::versioned) twice = !versions.insert(name->numbers).second || twice;
  }
  // refinery names files alike.
  const bool rust = is_nearest(folder, "Cargo.toml", {"pom.xml", "build.gradle", "build.gradle.kts", "go.mod", "package.json"});
  if (direct) return rust ? Recognition::possible : Recognition::certain;
  // Flyway reads a location with all folders below it; a folder of several locations would show versions twice.
  const std::string_view last = base_name(folder.path());
  return !rust && !versions.empty() && !twice && (last == "migration" || last == "migrations") ? Recognition::likely : Recognition::no;
}

// Whether the statement that begins with these words runs outside of a transaction only, for Flyway's parser. It does
// not know REINDEX … CONCURRENTLY, DETACH PARTITION … CONCURRENTLY and others, which therefore fail in its transaction.
bool needs_no_transaction(const std::vector<std::string>& words) {
  const auto begins = [&words](std::initializer_list<std::string_view> expected) {
    return words.size() >= expected.size() && std::equal(expected.begin(), expected.end(), words.begin());
  };
  if (words.empty()) return false;
  if (words[0] == "create" || words[0] == "drop") {
    if (words.size() > 1 && (words[1] == "database" || words[1] == "tablespace" || words[1] == "subscription")) return true;
    const std::size_t index = words.size() > 1 && words[1] == "unique" ? 2 : 1;
    return words.size() > index + 1 && words[index] == "index" && words[index + 1] == "concurrently";
  }
  if (words[0] == "reindex") {
    const std::size_t what = words.size() > 1 && words[1] == "verbose" ? 2 : 1;
    return words.size() > what && (words[what] == "schema" || words[what] == "database" || words[what] == "system");
  }
  return words[0] == "vacuum" || begins({"alter", "system"}) || begins({"discard", "all"});
}

struct Kinds {
  bool transactional = false;
  std::optional<Span> other;  // the first statement that cannot run in a transaction
};

Kinds kinds_of(std::string_view text) {
  constexpr std::array<std::string_view, 8> signs = {"concurrently", "database", "tablespace", "subscription",
                                                     "system",       "reindex",  "vacuum",     "discard"};
  Kinds kinds;
  const bool plain = std::none_of(signs.begin(), signs.end(), [text](auto sign) { return contains_ignoring_case(text, sign); });
  if (plain) {
    kinds.transactional = true;  // not worth its tokens: whatever it holds runs in a transaction
    return kinds;
  }
  std::vector<std::string> words;
  Span statement;
  bool open = false;
  int depth = 0;
  const auto end_statement = [&] {
    if (open && needs_no_transaction(words)) {
      if (!kinds.other) kinds.other = statement;
    } else if (open) {
      kinds.transactional = true;
    }
    words.clear();
    open = false;
  };
  for (const sql::Token& token : sql::tokens(text)) {
    const std::string_view word = token.span.of(text);
    if (word == ";") {
      end_statement();
      continue;
    }
    if (!open) statement = token.span;
    open = true;
    statement.end = token.span.end;
    if (word == "(") ++depth;
    if (word == ")" && depth > 0) --depth;
    if (token.kind == sql::TokenKind::word && depth == 0 && words.size() < 4) words.push_back(lower_case(word));
  }
  end_statement();
  return kinds;
}

// executeInTransaction of <file>.conf, if it says something.
std::optional<bool> configured_transaction(const Folder& folder, const std::string& file) {
  const std::string configuration = file + ".conf";
  if (!std::binary_search(folder.files().begin(), folder.files().end(), configuration)) return std::nullopt;
  const auto source = folder.read(configuration);
  if (!source) return std::nullopt;
  TextLines lines((*source)->text());
  while (const auto line = lines.next()) {
    std::string_view words = line->of((*source)->text());
    if (next_word(words, "=:") == "executeInTransaction") return equals_ignoring_case(next_word(words, "=:").value_or(""), "true");
  }
  return std::nullopt;
}

Part part_of(SetBuilder& builder, const Folder& folder, const std::string& file, std::size_t source) {
  const std::string_view text = builder.text(source);
  Part part;
  part.source = source;
  part.placeholders = placeholders_in(text);
  const auto configured = configured_transaction(folder, file);
  const Kinds kinds = configured ? Kinds{} : kinds_of(text);
  if (configured == false || kinds.other) part.mode = TransactionMode::none;
  if (kinds.other) part.mode_marker = *kinds.other;
  if (kinds.other && kinds.transactional) {
    builder.add_problem("layout-error", source, *kinds.other,
                        "this statement cannot run in a transaction and others in the file do: Flyway refuses the file unless "
                        "flyway.mixed is set, or executeInTransaction in its .conf");
  }
  return part;
}

Result<MigrationSet> read(const Folder& folder) {
  SetBuilder builder(folder, "flyway");
  std::map<std::vector<std::string>, std::vector<Migration>, ByNumbers> versions;
  std::map<std::string, Migration> repeatables;
  std::vector<std::pair<Name, Part>> undos, baselines;
  for (const std::string& file : folder.files()) {
    if (!is_sql_file(file)) continue;
    const auto name = name_of(file);
    if (!name) {
      const std::string_view base = base_name(file);
      if (base.size() > 1 && base.front() == 'V' && !leading_digits(base.substr(1)).empty()) {
        builder.add_ignored(file, fmt::format("Flyway ignores {}: its name is not V<version>__<title>.sql, with two _", file));
      }
      continue;
    }
    const auto source = builder.add_source(file);
    if (!source) continue;
    Part part = part_of(builder, folder, file, *source);
    if (name->kind == Kind::undo) {
      undos.emplace_back(*name, std::move(part));
    } else if (name->kind == Kind::baseline) {
      baselines.emplace_back(*name, std::move(part));
    } else {
      Migration migration;
      migration.title = name->title;
      migration.upgrade = std::move(part);
      migration.repeatable = name->kind == Kind::repeatable;
      migration.revision = migration.repeatable ? "R__" + name->title : name->version;
      if (migration.repeatable) {
        repeatables.emplace(file, std::move(migration));
      } else {
        std::vector<Migration>& same = versions[name->numbers];
        if (!same.empty()) {
          const std::size_t other = same.front().upgrade->source;
          builder.add_problem(
              "duplicate-version", *source, {},
              fmt::format("version {} has two upgrades, {} and {}: Flyway refuses the folder", name->version, builder.name(other), file),
              {{other, {}, "the other one"}});
        }
        same.push_back(std::move(migration));
      }
    }
  }
  // A baseline stands for all versions up to its own on a new database; where those are still there, they tell the
  // same.
  for (auto& [name, part] : baselines) {
    if (!versions.empty() && !ByNumbers()(name.numbers, versions.begin()->first)) {
      builder.set().left_out.push_back(builder.name(part.source));
      continue;
    }
    Migration migration;
    migration.revision = name.version;
    migration.title = name.title;
    migration.upgrade = std::move(part);
    versions[name.numbers].push_back(std::move(migration));
  }
  for (auto& [name, part] : undos) {
    const auto undone = versions.find(name.numbers);
    if (undone != versions.end() && !undone->second.front().downgrade) {
      undone->second.front().downgrade = std::move(part);
      continue;
    }
    builder.add_problem("layout-error", part.source, {},
                        fmt::format("version {} has {}: Flyway never runs this file", name.version,
                                    undone == versions.end() ? "an undo but no upgrade" : "two undos"));
  }
  std::vector<Migration>& migrations = builder.set().migrations;
  for (auto& [numbers, same] : versions) std::move(same.begin(), same.end(), std::back_inserter(migrations));
  for (auto& [file, migration] : repeatables) migrations.push_back(std::move(migration));
  // Undo files are of the paid edition: expected only where some are.
  for (Migration& migration : migrations) migration.downgrade_expected = !undos.empty() && !migration.repeatable;
  link_in_order(builder.set());
  return builder.take();
}

}  // namespace

// Flyway 10, JdbcTableSchemaHistory: a row per event; of a version, the last one tells. A repeatable migration has no version.
constexpr Record records[] = {
    {.table = "flyway_schema_history",
     .applied =
         "SELECT coalesce(version, 'R__' || replace(description, ' ', '_')) FROM (SELECT DISTINCT ON (version, description) version, "
         "description, type, success FROM flyway_schema_history ORDER BY version, description, installed_rank DESC) AS latest "
         "WHERE success AND type NOT LIKE 'UNDO%' AND type <> 'DELETE'",
     .applied_up_to = "SELECT version FROM flyway_schema_history WHERE type IN ('BASELINE', 'SQL_BASELINE') AND success",
     .unfinished = "SELECT version FROM flyway_schema_history WHERE NOT success AND version IS NOT NULL"}};

extern const Layout layout_flyway;
const Layout layout_flyway = {
    .name = "flyway",
    .title = "Flyway (V<version>__<title>.sql, U…, R__…)",
    .files = "V<1.2>__title.sql, U…, R__title.sql",
    .order = "numbers of the version; R__ last",
    .downgrade = "U… (paid editions)",
    .transactions =
        "Statements one by one in a transaction per file; without one when no statement of the file can run in one, or "
        "by executeInTransaction=false in <file>.conf.",
    .opt_out = "executeInTransaction=false in <file>.conf",
    .late_migration = "Flyway refuses to run (unless outOfOrder is set)",
    .recognise = recognise,
    .read = read,
    .records = records,
};

}  // namespace cupel::migrations::runners

// The same hazard gives the same finding wherever it is written: in an SQL file, through libpqxx or libpq, and in a revision of the
// operations API. The rules' own SQL fixtures are the samples: each statement is put into a raw string that a call sends, and nothing else
// is changed.
#include "embedded/sources.h"
#include "lint/engine.h"
#include "lint/rule.h"
#include "migrations/layout.h"
#include "sql/script.h"
#include "tests/rules/fixture.h"
#include "tests/temporary_folder.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace cupel::embedded {
namespace {

namespace fs = std::filesystem;

using testing::ElementsAreArray;
using testing::IsEmpty;

const std::string program = CUPEL_BINARY_DIR "/bin/cupel-cxx";

// A text in which stretches of another one stand.
struct Wrapped {
  struct Moved {
    Span from;
    std::uint32_t to = 0;
  };
  std::string text;
  std::vector<Moved> stretches;
  std::uint32_t head_lines = 0;  // before those of the other text

  // "line:column", for a finding at `offset` of the other text; the line alone outside of what was moved, as of a comment.
  [[nodiscard]] std::string place(const SourceText& from, std::uint32_t offset) const {
    for (const Moved& one : stretches) {
      if (one.from.begin <= offset && offset < one.from.end) {
        const Position position = SourceText("", text).position(one.to + (offset - one.from.begin));
        return fmt::format("{}:{}", position.line, position.column);
      }
    }
    return fmt::format("{}", from.position(offset).line + head_lines);
  }

  // The same of a finding in this text.
  [[nodiscard]] std::string place(std::uint32_t offset) const {
    const Position position = SourceText("", text).position(offset);
    for (const Moved& one : stretches) {
      if (one.to <= offset && offset < one.to + one.from.size()) return fmt::format("{}:{}", position.line, position.column);
    }
    return fmt::format("{}", position.line);
  }
};

// Each statement of `sql` between `before` and `after`, on its own lines; comments with a directive of ours as C++ comments.
Wrapped wrapped(const std::string& sql, std::string_view head, std::string_view before, std::string_view after, std::string_view tail) {
  const SourceText source("", sql);
  const sql::Script script = sql::Script::parse(source);
  Wrapped made;
  made.text = head;
  made.head_lines = static_cast<std::uint32_t>(std::ranges::count(head, '\n'));
  std::size_t at = 0;
  const auto keep_lines = [&](std::size_t end) {
    made.text.append(static_cast<std::size_t>(
                         std::count(sql.begin() + static_cast<std::ptrdiff_t>(at), sql.begin() + static_cast<std::ptrdiff_t>(end), '\n')),
                     '\n');
    at = end;
  };
  std::vector<std::pair<Span, bool>> parts;  // and whether it is a comment
  if (script.errors().empty()) {
    for (const sql::Statement& statement : script.statements()) parts.emplace_back(statement.span, false);
  } else {
    parts.emplace_back(Span{0, static_cast<std::uint32_t>(sql.size())}, false);
  }
  for (const sql::CommentText& comment : sql::comments(sql)) {
    const bool inside = std::ranges::any_of(
        parts, [&](const auto& one) { return one.first.begin <= comment.span.begin && comment.span.begin < one.first.end; });
    if (comment.text.starts_with("cupel:") && !inside) parts.emplace_back(comment.span, true);
  }
  std::ranges::sort(parts, {}, [](const auto& one) { return one.first.begin; });
  for (const auto& [span, comment] : parts) {
    keep_lines(span.begin);
    if (comment) {
      made.text += "// ";
      made.text += sql.substr(span.begin, span.size()).substr(2);
    } else {
      made.text += before;
      made.stretches.push_back({span, static_cast<std::uint32_t>(made.text.size())});
      made.text += sql.substr(span.begin, span.size());
      made.text += after;
    }
    at = span.end;
  }
  keep_lines(sql.size());
  made.text += tail;
  return made;
}

// One fixture of a rule.
struct Sample {
  std::string rule;
  std::string name;
  test::Fixture fixture;
};

std::vector<Sample> samples() {
  std::vector<Sample> all;
  for (const lint::RuleEntry& entry : lint::rule_table()) {
    const fs::path folder = fs::path(CUPEL_SOURCE_DIR) / "rules" / std::string(entry.id);
    std::vector<fs::path> paths;
    for (const fs::directory_entry& file : fs::directory_iterator(folder)) {
      const std::string name = file.path().filename().string();
      if (name.starts_with("fires") && name.ends_with(".sql")) paths.push_back(file.path());
    }
    std::ranges::sort(paths);
    for (const fs::path& path : paths) {
      const auto fixture = test::parse_fixture(test::read_file(path));
      EXPECT_TRUE(fixture) << path;
      if (fixture) all.push_back({std::string(entry.id), std::string(entry.id) + "/" + path.filename().string(), *fixture});
    }
  }
  return all;
}

// What can be sent by a call: no lines for psql, no data behind COPY, no bytes that end a literal.
bool can_be_sent(const std::string& sql) {
  const SourceText source("", sql);
  const sql::Script script = sql::Script::parse(source);
  return script.meta_commands().empty() && script.copy_data().empty() && sql.find(")cupel\"") == std::string::npos &&
         sql.find('\0') == std::string::npos && sql.find('\r') == std::string::npos;
}

lint::Settings settings_for(const Sample& sample) {
  lint::Settings settings;
  settings.postgres_version = sample.fixture.last_version;
  settings.assume_lock_timeout = sample.fixture.assume_lock_timeout;
  settings.threads = 1;
  settings.only.emplace(sample.rule);
  return settings;
}

std::string described(const lint::Finding& finding, const std::string& place) {
  return fmt::format("{} {}[{}]{}: {}", place, lint::name(finding.severity), finding.rule, finding.suppressed ? " (suppressed)" : "",
                     finding.message);
}

FrontEnd front_end() {
  FrontEnd made;
  made.program = program;
  return made;
}

// A library, and how a statement is sent with it.
struct Library {
  const char* name;
  const char* head;  // with a definition: a source that only reads and changes rows is not judged
  const char* before;
};

constexpr Library libraries[] = {
    {"libpq", "#include <libpq-fe.h>\nvoid migrate(PGconn* c) { PQexec(c, \"CREATE TABLE cupel_marker ()\");", "PQexec(c, R\"cupel("},
    {"libpqxx", "#include <pqxx/pqxx>\nvoid migrate(pqxx::nontransaction& tx) { tx.exec(\"CREATE TABLE cupel_marker ()\");",
     "tx.exec(R\"cupel("},
};

// Of files that say all that is needed: each alone, as the text of one source.
TEST(Parity, LibrariesGiveWhatFilesGive) {
  if (::access(program.c_str(), X_OK) != 0) GTEST_SKIP() << "SKIPPED: built without cupel-cxx";
  for (const Library& library : libraries) {
    SCOPED_TRACE(library.name);
    struct Case {
      const Sample* sample;
      const test::FixtureFile* file;
      Wrapped cxx;
    };
    const std::vector<Sample> all = samples();
    const test::TemporaryFolder folder;
    std::map<std::string, Case> cases;  // by path
    std::vector<std::string> paths;
    for (const Sample& sample : all) {
      if (!sample.fixture.layout.empty() || sample.fixture.transaction != "none" || sample.fixture.governed_suppressions ||
          !sample.fixture.today.empty())
        continue;
      for (const test::FixtureFile& file : sample.fixture.files) {
        if (file.unreadable || file.name.ends_with(".down.sql") || !can_be_sent(file.text)) continue;
        Wrapped made = wrapped(file.text, library.head, library.before, ")cupel\");", "}\n");
        const std::string path = folder.write(fmt::format("{}.cpp", cases.size()), made.text);
        paths.push_back(path);
        cases.emplace(path, Case{&sample, &file, std::move(made)});
      }
    }
    Sources sources(front_end());
    sources.add("", paths, true);
    std::vector<migrations::MigrationSet> sets;
    sources.finish(sets);
    std::set<std::string> fired;
    for (const auto& [path, one] : cases) {
      SCOPED_TRACE(one.sample->name + ", " + one.file->name + ":\n" + one.cxx.text);
      const lint::Settings settings = settings_for(*one.sample);
      migrations::MigrationSet plain;
      plain.sources.push_back(std::make_shared<const SourceText>(path, one.file->text));
      migrations::Migration& migration = plain.migrations.emplace_back();
      migration.downgrade_expected = false;
      migration.upgrade.emplace().mode = migrations::TransactionMode::none;
      std::vector<std::string> expected;
      for (const lint::Finding& finding : lint::lint({&plain, 1}, lint::rule_table(), settings).findings) {
        expected.push_back(described(finding, one.cxx.place(*plain.sources[0], finding.span.begin)));
        fired.emplace(finding.rule);
      }
      std::vector<std::string> found;
      for (migrations::MigrationSet& set : sets) {
        if (set.path != path) continue;
        lint::LintResult result = lint::lint({&set, 1}, lint::rule_table(), settings);
        sources.move_findings(result);
        for (const lint::Finding& finding : result.findings) { found.push_back(described(finding, one.cxx.place(finding.span.begin))); }
      }
      EXPECT_THAT(found, ElementsAreArray(expected));
    }
    // Rules about statements, of which a source shows enough by itself.
    EXPECT_GT(fired.size(), 40U);
  }
}

// Whole fixtures, with their history, as revisions: statements in op.execute().
TEST(Parity, RevisionsGiveWhatFilesGive) {
  if (::access(program.c_str(), X_OK) != 0) GTEST_SKIP() << "SKIPPED: built without cupel-cxx";
  const std::vector<Sample> all = samples();
  const test::TemporaryFolder folder;
  struct Case {
    const Sample* sample;
    std::string path;
    std::map<std::string, Wrapped> cxx;  // by the SQL file's name
    std::map<std::string, Wrapped> sql;
    std::vector<std::string> names;
  };
  std::vector<Case> cases;
  std::vector<std::string> paths;
  for (const Sample& sample : all) {
    const test::Fixture& fixture = sample.fixture;
    if (!fixture.layout.empty() || fixture.transaction == "implicit" || fixture.governed_suppressions || !fixture.today.empty()) continue;
    if (std::ranges::any_of(fixture.files, [](const test::FixtureFile& file) {
          return file.unreadable || file.name.ends_with(".down.sql") || !can_be_sent(file.text);
        }))
      continue;
    Case& one = cases.emplace_back();
    one.sample = &sample;
    one.path = fmt::format("{}", cases.size());
    const bool transactional = fixture.transaction == "per_file";
    std::string parent;
    for (const test::FixtureFile& file : fixture.files) {
      const std::string name = fmt::format("{:03}.sql", one.names.size() + 1);
      const std::string id = fmt::format("r{}", one.names.size() + 1);
      Wrapped cxx = wrapped(file.text,
                            fmt::format("#include <cupel/op.hpp>\nnamespace {{ using namespace cupel; constexpr revision rev{{.id = "
                                        "\"{}\", .down = \"{}\", .transactional = {}}};\n"
                                        "void upgrade(operations& op) {{\n",
                                        id, parent, transactional),
                            "op.execute(R\"cupel(", ")cupel\");", "}\nregistered self{rev, upgrade};\n}\n");
      Wrapped sql;
      sql.text = fmt::format("-- cupel:revision {}\n-- cupel:parent {}\n-- cupel:upgrade\n{}", id, parent.empty() ? "none" : parent,
                             transactional ? "\n" : "-- cupel:transaction none\n");
      sql.text += file.text;
      folder.write("sql/" + one.path + "/" + name, sql.text);
      paths.push_back(folder.write("cxx/" + one.path + "/" + name.substr(0, 3) + ".cpp", cxx.text));
      one.cxx.emplace(name, std::move(cxx));
      one.sql.emplace(name, std::move(sql));
      one.names.push_back(name);
      parent = id;
    }
  }
  Sources sources(front_end());
  const std::vector<migrations::GeneratedText> generated = sources.add("", paths, true);
  std::set<std::string> fired;
  for (const Case& one : cases) {
    SCOPED_TRACE(one.sample->name + "\n" + one.cxx.begin()->second.text);
    const lint::Settings settings = settings_for(*one.sample);
    auto plain = migrations::read_path(folder.path("sql/" + one.path), "cupel");
    const std::string below = folder.path("cxx/" + one.path);
    auto sets = migrations::read_path(below, "cupel", [&](const std::string&, const std::vector<std::string>&) {
      std::vector<migrations::GeneratedText> own;
      for (migrations::GeneratedText text : generated) {
        if (!text.alias.starts_with(below + "/")) continue;
        text.alias = text.alias.substr(below.size() + 1);
        own.push_back(std::move(text));
      }
      return own;
    });
    ASSERT_TRUE(plain) << plain.error().message;
    ASSERT_TRUE(sets) << sets.error().message;
    sources.finish(*sets);
    std::vector<std::string> expected;
    const lint::LintResult in_files = lint::lint(*plain, lint::rule_table(), settings);
    for (const lint::Finding& finding : in_files.findings) {
      const std::string name = fs::path(in_files.sources[finding.source]->name()).filename().string();
      const auto shift = static_cast<std::uint32_t>(
          one.sql.at(name).text.size() -
          one.sample->fixture.files[static_cast<std::size_t>(std::ranges::find(one.names, name) - one.names.begin())].text.size());
      if (finding.span.begin < shift) {
        expected.push_back(described(finding, name));
        continue;
      }
      const SourceText text("", one.sql.at(name).text.substr(shift));
      expected.push_back(described(finding, name + ":" + one.cxx.at(name).place(text, finding.span.begin - shift)));
      fired.emplace(finding.rule);
    }
    lint::LintResult in_code = lint::lint(*sets, lint::rule_table(), settings);
    sources.move_findings(in_code);
    std::vector<std::string> found;
    for (const lint::Finding& finding : in_code.findings) {
      const SourceText& source = *in_code.sources[finding.source];
      const std::string name = fs::path(source.name()).stem().string() + ".sql";
      found.push_back(described(finding, name + ":" + one.cxx.at(name).place(finding.span.begin)));
    }
    EXPECT_THAT(found, ElementsAreArray(expected));
  }
  EXPECT_GT(fired.size(), 60U);
}

}  // namespace
}  // namespace cupel::embedded

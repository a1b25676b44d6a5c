// A fixture: SQL with its expectations inline, run through the engine as a user's migrations would be.
//
//   -- fixture: pg=13..18 transaction=per_file rules=all layout=goose
//   -- file: 001_create.sql                    the text up to the next such line is one migration
//   -- file: 001_create.down.sql               …and this one its downgrade
//   ALTER TABLE t ADD COLUMN c int NOT NULL;   -- want add-column-not-null-no-default@15 "fails"
//   -- want+1 drop-column; rename-column       the line after
//
// `-- file: NAME unreadable` makes a file that cannot be read; its text holds only wants.
// `transaction`: none (default), per_file or implicit. `layout`: the files are written to a folder and read with that
// layout, for rules about folders. `schema_dump`: the file of that name is the schema that a repository keeps. Every finding needs a want
// on the line it begins, and every want a finding.
#pragma once

#include "base/result.h"
#include "lint/finding.h"
#include "lint/settings.h"
#include "migrations/migration.h"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cupel::test {

struct Want {
  std::size_t file = 0;    // index into Fixture::files
  std::uint32_t line = 0;  // 1-based, in that file
  std::string rule;
  std::uint32_t column = 0;  // 0: any
  std::string substring;
  std::string safe;      // in the safe way
  std::string severity;  // empty: any
};

struct FixtureFile {
  std::string name;
  std::string text;         // wants blanked out, offsets kept
  bool unreadable = false;  // on disk it cannot be read
};

struct Fixture {
  int first_version = 13, last_version = 18;
  std::string transaction = "none";
  std::string layout;       // empty: in memory
  std::string schema_dump;  // the file that is no migration; empty: all are
  bool all_rules = false;
  bool assume_lock_timeout = false;
  std::string today;                   // for suppressions that end; empty: none does
  bool governed_suppressions = false;  // they need an owner for errors, and an end
  std::vector<FixtureFile> files;
  std::vector<Want> wants;
};

// Errors: an unknown header key or a want that cannot be read.
Result<Fixture> parse_fixture(std::string_view text);

// Lints it for one server version. With `rule`, only that rule runs unless the fixture says rules=all.
Result<lint::LintResult> run_fixture(const Fixture& fixture, int postgres_version, std::string_view rule,
                                     std::string_view skipped_rule = {});

// What differs between the wants and the findings, one line each; empty: they agree.
std::vector<std::string> differences(const Fixture& fixture, const lint::LintResult& result);

std::string read_file(const std::filesystem::path& path);

}  // namespace cupel::test

// A migration set with its scripts parsed and its DO blocks opened: what the engine replays.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "lint/pass.h"
#include "migrations/migration.h"
#include "sql/script.h"

namespace cupel::lint {

struct ParsedPart {
  sql::Script script;
  std::vector<StatementPlace> statements;         // in order of execution; a DO block is followed by its statements
  std::vector<const sql::SyntaxError*> errors;    // of the script and of its DO blocks, in file order
};

struct ParsedMigration {
  std::optional<ParsedPart> upgrade, downgrade;
};

struct ParsedSet {
  const migrations::MigrationSet* set = nullptr;
  std::vector<ParsedMigration> migrations;        // like set->migrations
};

// Parses every part with up to `threads` threads (0: one per core). The sets must outlive the result.
std::vector<ParsedSet> parse_sets(std::span<const migrations::MigrationSet> sets, unsigned threads);

}  // namespace cupel::lint

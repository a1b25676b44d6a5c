// Migrations with their scripts parsed and their DO blocks opened, one after another, as the replay takes them.
#pragma once

#include "lint/pass.h"
#include "migrations/migration.h"
#include "sql/script.h"

#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace cupel::lint {

struct ParsedPart {
  sql::Script script;
  std::vector<StatementPlace> statements;       // in order of execution; a DO block is followed by its statements
  std::vector<const sql::SyntaxError*> errors;  // of the script and of its DO blocks, in file order
};

struct ParsedMigration {
  std::optional<ParsedPart> upgrade, downgrade;
};

// The migrations of several sets in their order. Parse trees are many times the size of their text, so only those exist
// that are being replayed and a few that other threads parse meanwhile.
class ParsedMigrations {
 public:
  // `sets` must outlive this. `threads`: how many may parse, the caller's own among them; 0: one per core.
  ParsedMigrations(std::span<const migrations::MigrationSet> sets, unsigned threads);
  ~ParsedMigrations();
  ParsedMigrations(const ParsedMigrations&) = delete;
  ParsedMigrations& operator=(const ParsedMigrations&) = delete;

  // The next migration: of the first set, then of the one after it. There must be one.
  ParsedMigration next();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cupel::lint

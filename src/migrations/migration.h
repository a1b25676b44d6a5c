// Migrations on disk, whatever runner they were written for, as values: what runs, in which order, in which
// transaction.
#pragma once

#include "base/result.h"
#include "base/source_text.h"
#include "base/span.h"
#include "migrations/backfill.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cupel::migrations {

// How the runner sends a part of a migration to the server.
enum class TransactionMode {
  none,      // statement by statement, each in a transaction of its own (psql without -1, sqitch, atlas none)
  per_file,  // BEGIN; the statements one by one or as a whole; COMMIT
  implicit,  // the whole part as one query string: an implicit transaction as soon as it holds two statements
  batch,     // all pending migrations in one transaction
};

enum class Direction { upgrade, downgrade };

// One direction of one migration.
struct Part {
  std::size_t source = 0;    // index into MigrationSet::sources
  std::vector<Span> chunks;  // what is sent, in file order; empty: the whole file
  TransactionMode mode = TransactionMode::per_file;
  // Why `mode` differs from the layout's default: the marker's place ("-- +goose NO TRANSACTION"); empty otherwise.
  Span mode_marker;
  // What the runner replaces before it sends the text (flyway's ${schema}), in file order: no SQL, but stands for some.
  std::vector<Span> placeholders;
  // The runner ends its transaction before a statement that may not run in one, and begins another behind it.
  bool cut_where_refused = false;
  // Statements that the runner runs in batches.
  std::vector<Backfill> backfills;
};

struct Migration {
  std::string revision;              // id or version: "20240101120000", "ae1027a6acf"
  std::string title;                 // the slug: "add_users"
  std::vector<std::string> parents;  // revisions it comes after; linear layouts: the one before
  std::vector<std::string> labels;
  std::vector<std::string> depends_on;
  std::optional<Part> upgrade;
  std::optional<Part> downgrade;
  bool downgrade_expected = true;  // the layout has downgrades (prisma, flyway community do not)
  bool repeatable = false;         // runs again when it changes (flyway R__)
  bool schema_dump = false;        // what pg_dump wrote of a database, which nobody runs on it: replayed, never judged
  // What it is written in where that is not read here ("Go"); empty: all of it is SQL. Its parts are the SQL in it; what it changes
  // besides is not known.
  std::string unread;
};

// Something wrong with the folder itself. Becomes a finding of the rule `rule`.
struct Problem {
  std::string rule;  // "multiple-heads", "duplicate-version", "missing-parent", "revision-cycle", "layout-error"
  std::size_t source = 0;
  Span span;
  std::string message;
  struct Place {
    std::size_t source;
    Span span;
    std::string message;
  };
  std::vector<Place> related;
};

struct MigrationSet {
  std::string path;    // the folder or file as the user named it
  std::string layout;  // name of the layout it was read with
  std::vector<std::shared_ptr<const SourceText>> sources;
  std::vector<Migration> migrations;  // in the order they run
  std::vector<Problem> problems;
  std::vector<std::string> heads;  // revisions nothing comes after
  // The runner gives statements that others queue behind a lock_timeout.
  bool runner_sets_lock_timeout = false;
  // Not a guess from paths, or from where functions stand in a source: then its files may also be alternatives.
  bool order_is_known = true;
  // Files below `path` that the runner passes over on PostgreSQL, for another file of the same version.
  std::vector<std::string> left_out;
};

}  // namespace cupel::migrations

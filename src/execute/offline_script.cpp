#include "execute/offline_script.h"

#include <fmt/format.h>

namespace cupel::execute {
namespace {

// On lines of its own, so that a comment at its end ends.
void append_statement(std::string& script, const PlannedRevision& revision, const PlannedStatement& statement) {
  script += statement.span.of(revision.source->text());
  script += ";\n";
  if (statement.copy_data.empty()) return;
  script += statement.copy_data.of(revision.source->text());
  if (script.back() != '\n') script += '\n';
  script += "\\.\n";
}

void append_revision(std::string& script, const PlannedRevision& revision, const Journal& journal, const RunOptions& options) {
  const RunNumber run = journal.latest_run();
  bool begun = false;
  if (revision.pieces.empty()) script += "BEGIN;\n" + journal.revision_sql(run, revision, false, true) + "\nCOMMIT;\n";
  for (const Piece& piece : revision.pieces) {
    const bool last = &piece == &revision.pieces.back();
    std::vector<StatementRecord> records;
    for (const PlannedStatement& statement : piece.statements)
      records.push_back({&statement, {}, piece.kind == PieceKind::transaction ? "done" : "started", {}, {}, {}});
    if (piece.kind == PieceKind::transaction) {
      script += piece.begin + ";\n";
      std::string in_force;
      for (const PlannedStatement& statement : piece.statements) {
        std::string timeout =
            fmt::format("SET LOCAL lock_timeout = {};\n", statement.lock_wait == LockWait::brief ? options.lock_timeout.count() : 0);
        if (timeout != in_force) script += timeout;
        in_force = std::move(timeout);
        append_statement(script, revision, statement);
      }
      script += journal.statements_sql(run, revision, records) + '\n' + journal.revision_sql(run, revision, begun, last) + "\nCOMMIT;\n";
    } else {
      // Of a script, a backfill is one statement: psql has no loop.
      const PlannedStatement& statement = piece.statements.front();
      script += "BEGIN;\n" + journal.statements_sql(run, revision, records) + '\n' + journal.revision_sql(run, revision, begun, false) +
                "\nCOMMIT;\n";
      script += fmt::format("SET lock_timeout = {};\n", statement.lock_wait == LockWait::brief ? options.lock_timeout.count() : 0);
      append_statement(script, revision, statement);
      records.front().outcome = "done";
      script += "BEGIN;\n" + journal.statement_over_sql(run, revision, records.front()) + '\n' +
                journal.revision_sql(run, revision, true, last) + "\nCOMMIT;\n";
    }
    begun = true;
  }
}

}  // namespace

std::string offline_script(const Plan& plan, const Journal& journal, const RunOptions& options) {
  std::string script = fmt::format("-- cupel {} {}; apply it with: psql -X -v ON_ERROR_STOP=1 -f FILE\n", options.description.command,
                                   options.description.target);
  script += "-- One runner at a time: division by zero here means that another one is at work.\n";
  script += fmt::format("SELECT 1 / pg_try_advisory_lock({})::int AS lock;\n", journal.lock_key());
  script += "BEGIN;\n" + journal.create_sql() + "COMMIT;\n" + journal.begin_run_sql(options.description) + ";\n";
  for (const PlannedRevision& revision : plan.revisions) {
    script += fmt::format("\n-- {} {} {} ({})\n", name(revision.direction), revision.revision, revision.title,
                          revision.source ? revision.source->name() : revision.file);
    append_revision(script, revision, journal, options);
    script += "RESET ALL;\n";
  }
  return script + '\n' + journal.end_run_sql(journal.latest_run(), "done", "") +
         fmt::format(";\nSELECT pg_advisory_unlock({});\n", journal.lock_key());
}

}  // namespace cupel::execute

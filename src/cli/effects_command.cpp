#include "cli/commands.h"
#include "cli/input.h"
#include "cli/live_effects.h"
#include "cli/output.h"
#include "lint/effect_notes.h"
#include "lint/parsed_migrations.h"
#include "lint/replay.h"
#include "report/character.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace cupel::cli {
namespace {

std::string names(const std::vector<schema::RelationId>& relations, const schema::Database& database) {
  std::vector<std::string> shown;
  shown.reserve(relations.size());
  for (const schema::RelationId id : relations) shown.push_back(database.display_name(database.relation(id)));
  return fmt::format("{}", fmt::join(shown, ", "));
}

std::string first_line(std::string_view statement) {
  constexpr std::size_t longest = 100;
  report::Rendered line;
  for (std::size_t at = 0; at < statement.size();) {
    const char byte = statement[at];
    const bool space = byte == '\n' || byte == '\r' || byte == '\t' || byte == ' ';
    const report::Character character = report::decode(statement, at);
    if (!space) report::append_visible(line, statement, at, character);
    else if (!line.text.empty() && line.text.back() != ' ') report::append_visible(line, " ", 0, {.code = ' '});
    at += character.size;
    if (line.cells >= longest && at < statement.size()) return line.text + " …";
  }
  return std::move(line.text);
}

// What could not be read: it was not looked at, so the answer is not complete.
bool print_unreadable(const migrations::MigrationSet& set) {
  bool any = false;
  for (const migrations::Problem& problem : set.problems) {
    if (problem.rule != "unreadable-file") continue;
    print_problem(problem.message);
    any = true;
  }
  return any;
}

// Both formats tell of syntax errors apart from their table.
class Table : public lint::ReplayListener {
 public:
  void on_part_end(const migrations::Migration& /*migration*/, const migrations::Part& /*part*/, const lint::ParsedPart& parsed,
                   bool /*downgrade*/) override {
    for (const sql::SyntaxError* error : parsed.errors) {
      const SourceText& source = parsed.script.source();
      const Position place = source.position(error->span.begin);
      problems_.push_back(fmt::format("{}:{}:{}: {}", source.name(), place.line, place.column, error->message));
    }
  }
  [[nodiscard]] const std::vector<std::string>& problems() const { return problems_; }

 private:
  std::vector<std::string> problems_;
};

class TextTable : public Table {
 public:
  void on_statement(const lint::Step& step) override {
    const SourceText& source = *step.set.sources[step.part.source];
    const effects::Effects& effects = *step.effects;
    out_ += fmt::format("{}:{}  {}{}\n", report::visible(source.name()), source.position(step.statement->span.begin).line,
                        first_line(step.statement->span.of(source.text())), step.downgrade ? "  (downgrade)" : "");
    for (const effects::RelationLock* lock : lint::strongest_locks(effects)) {
      const std::string_view blocked = effects::blocked_by(lock->mode);
      out_ += fmt::format("    {:<24} {}{}\n", effects::sql_name(lock->mode), report::visible(lock->name),
                          blocked.empty() ? "" : fmt::format("  blocks {}", blocked));
    }
    for (const effects::Work& work : effects.work) {
      out_ += fmt::format("    {:<24} {}{}\n", lint::name(work.kind), report::visible(work.relation_name),
                          work.index_name.empty() ? "" : fmt::format(" ({})", report::visible(work.index_name)));
    }
    if (effects.failure) {
      out_ += fmt::format("    {:<24} {} {}\n", effects.failure->certain ? "fails" : "may fail", effects.failure->sqlstate,
                          report::visible(effects.failure->message));
    }
    if (effects.refused_in_transaction) {
      out_ += fmt::format("    {:<24} {}\n", "no transaction block",
                          step.transaction.in_transaction() ? "25001: it is in one" : "it is not in one");
    }
    if (effects.no_op) out_ += "    nothing to do\n";
    if (effects.opaque) out_ += "    cannot be told\n";
    if (effects.locks.empty() && effects.work.empty() && !effects.failure && !effects.opaque) out_ += "    no lock on a relation\n";
  }
  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

class JsonTable : public Table {
 public:
  void on_statement(const lint::Step& step) override {
    const SourceText& source = *step.set.sources[step.part.source];
    const effects::Effects& effects = *step.effects;
    using Json = nlohmann::ordered_json;
    Json locks = Json::array();
    for (const effects::RelationLock* lock : lint::strongest_locks(effects)) {
      locks.push_back({{"relation", lock->name}, {"lock", effects::sql_name(lock->mode)}, {"blocks", effects::blocked_by(lock->mode)}});
    }
    Json work = Json::array();
    for (const effects::Work& item : effects.work) {
      work.push_back({{"kind", lint::name(item.kind)}, {"relation", item.relation_name}, {"index", item.index_name}});
    }
    Json failure;
    if (effects.failure) {
      failure = {{"sqlstate", effects.failure->sqlstate}, {"message", effects.failure->message}, {"certain", effects.failure->certain}};
    }
    statements_.push_back({{"file", source.name()},
                           {"line", source.position(step.statement->span.begin).line},
                           {"revision", step.migration.revision},
                           {"downgrade", step.downgrade},
                           {"tag", step.statement->tag()},
                           {"statement", step.statement->span.of(source.text())},
                           {"locks", std::move(locks)},
                           {"work", std::move(work)},
                           {"reads_blocked", names(effects::reads_blocked(effects, step.database), step.database)},
                           {"writes_blocked", names(effects::writes_blocked(effects, step.database), step.database)},
                           {"allowed_in_transaction", !effects.refused_in_transaction},
                           {"in_transaction", step.transaction.in_transaction()},
                           {"failure", std::move(failure)},
                           {"opaque", effects.opaque}});
  }
  [[nodiscard]] std::string take(int postgres_version) {
    const nlohmann::ordered_json document = {
        {"version", 1}, {"postgres_version", postgres_version}, {"statements", std::move(statements_)}};
    return document.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
  }

 private:
  nlohmann::ordered_json statements_ = nlohmann::ordered_json::array();
};

Result<int> run(const EffectsOptions& options) {
  TRY_ASSIGN(const Configuration configuration, load_configuration(options.common));
  TRY_ASSIGN(const std::vector<migrations::MigrationSet> sets, load_migrations(options.paths, configuration, {}));
  if (!options.live.empty()) return measure_effects(sets, configuration, options.live, options.format);
  lint::ParsedMigrations parsed(sets, configuration.lint.threads);
  const int version = configuration.lint.postgres_version;
  const auto fill = [&](Table& table) {
    for (const migrations::MigrationSet& set : sets) {
      schema::Database database;
      lint::replay(set, parsed, version, database, table);
    }
  };
  const auto finish = [&sets](const std::string& out, const std::vector<std::string>& problems) -> Result<int> {
    TRY_VOID(write_output(out, ""));
    bool broken = !problems.empty();
    for (const migrations::MigrationSet& set : sets) broken = print_unreadable(set) || broken;
    for (const std::string& problem : problems) print_problem(problem);
    return static_cast<int>(broken ? exit_unreadable : exit_clean);
  };
  if (options.format == "json") {
    JsonTable table;
    fill(table);
    return finish(table.take(version), table.problems());
  }
  TextTable table;
  fill(table);
  return finish(table.take(), table.problems());
}

}  // namespace

int effects_command(const EffectsOptions& options) { return finish(run(options)); }

}  // namespace cupel::cli

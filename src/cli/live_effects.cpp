#include "cli/live_effects.h"

#include "cli/commands.h"
#include "cli/output.h"
#include "execute/measurement.h"
#include "lint/parsed_migrations.h"
#include "lint/replay.h"
#include "report/character.h"

#include <algorithm>
#include <memory>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace cupel::cli {
namespace {

using Json = nlohmann::ordered_json;

// A value for a column that must have one, so that tables have a row and what is done to rows can be seen. Empty: none known.
std::string_view value_for(const schema::DataType& type) {
  if (type.array_dimensions > 0) return "'{}'";
  struct Value {
    std::string_view type, value;
  };
  constexpr Value values[] = {{"int2", "32123"},
                              {"int4", "2012345678"},
                              {"int8", "2012345678"},
                              {"numeric", "1"},
                              {"float4", "1"},
                              {"float8", "1"},
                              {"bool", "true"},
                              {"text", "'a'"},
                              {"varchar", "'a'"},
                              {"bpchar", "'a'"},
                              {"uuid", "'6f1c2a34-0000-4000-8000-000000000001'"},
                              {"json", "'{}'"},
                              {"jsonb", "'{}'"},
                              {"date", "'2026-01-01'"},
                              {"timestamp", "'2026-01-01'"},
                              {"timestamptz", "'2026-01-01'"},
                              {"bytea", "'\\x00'"},
                              {"inet", "'10.0.0.1'"},
                              {"interval", "'1 day'"}};
  const auto found = std::ranges::find(values, std::string_view(type.name), &Value::type);
  return found == std::end(values) ? std::string_view() : found->value;
}

// Puts a row into the table; empty where a column needs a value that is not known.
std::string insert_into(const schema::Relation& table) {
  std::string columns, values;
  for (const schema::Column& column : table.columns) {
    if (!column.not_null || column.has_default || column.is_serial || column.identity != sql::Identity::none ||
        column.generated != sql::Generated::none)
      continue;
    const std::string_view value = value_for(column.type);
    if (value.empty()) return {};
    columns += (columns.empty() ? "" : ", ") + sql::quote_identifier(column.name);
    values += (values.empty() ? "" : ", ") + std::string(value);
  }
  const std::string name = sql::to_sql(sql::QualifiedName{table.name.schema, table.name.name, {}});
  return columns.empty() ? fmt::format("INSERT INTO {} DEFAULT VALUES", name)
                         : fmt::format("INSERT INTO {} ({}) VALUES ({})", name, columns, values);
}

// The first name in double quotes of a message: 'relation "shop.orders" does not exist'.
std::string_view quoted_name(std::string_view message) {
  const std::size_t begin = message.find('"');
  if (begin == std::string_view::npos) return {};
  const std::size_t end = message.find('"', begin + 1);
  return end == std::string_view::npos ? std::string_view() : message.substr(begin + 1, end - begin - 1);
}

// Whether the replay knows the object that the server did not find. A relation that the migrations only named is none.
bool is_known(const schema::Database& database, std::string_view name) {
  const std::size_t dot = name.find('.');
  const std::string_view schema = dot == std::string_view::npos ? std::string_view() : name.substr(0, dot);
  const std::string_view last = dot == std::string_view::npos ? name : name.substr(dot + 1);
  const schema::Relation* relation = database.find(schema, last);
  return (relation != nullptr && !relation->incomplete) ||
         database.find_type(schema::DataType{std::string(schema), std::string(last), {}, 0});
}

// undefined_table, _object, _column, _function and invalid_schema_name.
bool is_undefined(std::string_view sqlstate) {
  constexpr std::string_view states[] = {"42P01", "42704", "42703", "42883", "3F000"};
  return std::ranges::find(states, sqlstate) != std::end(states);
}

class LiveEffects : public lint::ReplayListener {
 public:
  LiveEffects(execute::ScratchSession& scratch, schema::Database& database) : scratch_(scratch), database_(database) {}

  void on_statement(const lint::Step& step) override {
    if (failed_) return;
    // What a DO block holds ran with it.
    if (block_.contains(step.statement->span.begin)) return;
    const SourceText& source = *step.set.sources[step.part.source];
    const std::string_view text = step.statement->span.of(source.text());
    ++statements;
    const auto holds = [&](Span placeholder) {
      return placeholder.begin < step.statement->span.end && step.statement->span.begin < placeholder.end;
    };
    if (std::ranges::any_of(step.part.placeholders, holds))
      return tell(step, {}, {}, "not run: the runner puts something else in its place");
    Result<execute::Measurement> measured = scratch_.measure(text);
    if (!measured) {
      failed_ = measured.error();
      return;
    }
    if (step.statement->as<sql::DoBlock>() != nullptr) block_ = step.statement->span;
    std::vector<std::string> differences;
    const std::string_view why_not = not_comparable(step, *measured);
    if (why_not.empty()) differences = execute::differences(*step.effects, step.database, *measured);
    note_failure(step, *measured);
    tell(step, std::move(differences), measured->failure, why_not);
  }

  // Tables are given a row each, so that what the next migration does to rows can be seen.
  void on_part_end(const migrations::Migration& /*migration*/, const migrations::Part& /*part*/, const lint::ParsedPart& /*parsed*/,
                   bool /*downgrade*/) override {
    block_ = {};
    for (const schema::RelationId id : database_.relations()) {
      const schema::Relation& table = database_.relation(id);
      if (table.kind != schema::RelationKind::table || table.incomplete || database_.rows(table) != schema::Rows::empty) continue;
      const std::string insert = insert_into(table);
      if (insert.empty() || !scratch_.try_out(insert)) continue;
      inserts_.push_back(std::make_unique<SourceText>("rows.sql", insert));
      const sql::Script script = sql::Script::parse(*inserts_.back());
      for (const sql::Statement& statement : script.statements()) database_.apply(statement, script);
    }
  }

  [[nodiscard]] const std::optional<Error>& failed() const { return failed_; }
  [[nodiscard]] std::string take_text() { return std::move(text_); }
  [[nodiscard]] Json take_json() { return std::move(json_); }
  std::size_t statements = 0, different = 0, not_compared = 0;

 private:
  // Why what happened says nothing of the prediction; empty: it does.
  [[nodiscard]] std::string_view not_comparable(const lint::Step& step, const execute::Measurement& measured) const {
    const sql::Statement& statement = *step.statement;
    if (statement.as<sql::DoBlock>() != nullptr || statement.as<sql::Transaction>() != nullptr || step.effects->opaque)
      return "not compared";
    const auto is_lost = [this](const effects::RelationLock& lock) { return lost_.contains(lock.name); };
    if (std::ranges::any_of(step.effects->locks, is_lost)) return "not compared: an earlier statement about the same failed here";
    const bool foreseen = step.effects->failure && step.effects->failure->certain;
    if (measured.failure && is_undefined(measured.failure->sqlstate) && !foreseen &&
        (any_lost_ || !is_known(step.database, quoted_name(measured.failure->message))))
      return "not compared: it needs what these migrations do not make";
    return {};
  }

  // The replay goes on as if it had succeeded: what it was about is not what the server has.
  void note_failure(const lint::Step& step, const execute::Measurement& measured) {
    if (!measured.failure) return;
    // What was refused for certain was not replayed either; what was only named has been taken for there.
    if (step.effects->failure && step.effects->failure->certain && !is_undefined(measured.failure->sqlstate)) return;
    for (const effects::RelationLock& lock : step.effects->locks) lost_.insert(lock.name);
    if (is_undefined(measured.failure->sqlstate)) lost_.emplace(quoted_name(measured.failure->message));
    any_lost_ = true;  // what it would have made, too
  }

  void tell(const lint::Step& step, std::vector<std::string> differences, const std::optional<execute::ServerMessage>& failure,
            std::string_view why_not) {
    if (!why_not.empty()) ++not_compared;
    if (!differences.empty()) ++different;
    const SourceText& source = *step.set.sources[step.part.source];
    const std::string_view text = step.statement->span.of(source.text());
    const std::uint32_t line = source.position(step.statement->span.begin).line;
    text_ += fmt::format("{}:{}  {}\n", report::visible(source.name()), line, report::visible(text.substr(0, text.find('\n'))));
    if (!why_not.empty()) text_ += fmt::format("    {}\n", why_not);
    else if (differences.empty()) text_ += "    as predicted\n";
    for (const std::string& difference : differences) text_ += fmt::format("    {}\n", report::visible(difference));
    if (failure && differences.empty()) text_ += fmt::format("    refused: {} {}\n", failure->sqlstate, report::visible(failure->message));
    Json failed;
    if (failure) failed = {{"sqlstate", failure->sqlstate}, {"message", failure->message}};
    json_.push_back({{"file", source.name()},
                     {"line", line},
                     {"tag", step.statement->tag()},
                     {"compared", why_not.empty()},
                     {"differences", differences},
                     {"failure", std::move(failed)}});
  }

  execute::ScratchSession& scratch_;
  schema::Database& database_;
  std::set<std::string, std::less<>> lost_;  // names of relations that a statement was about which failed here
  bool any_lost_ = false;
  std::vector<std::unique_ptr<SourceText>> inserts_;
  Span block_;  // of the last DO
  std::optional<Error> failed_;
  std::string text_;
  Json json_ = Json::array();
};

// One statement after the other, each in a transaction of its own: only so its locks can be told from others'. The
// downgrades are left out: they would end what the next upgrade needs.
void take_apart(migrations::MigrationSet& set) {
  for (migrations::Migration& migration : set.migrations) {
    migration.downgrade.reset();
    if (migration.upgrade) migration.upgrade->mode = migrations::TransactionMode::none;
  }
}

}  // namespace

Result<int> measure_effects(std::vector<migrations::MigrationSet> sets, const Configuration& configuration, const std::string& target,
                            const std::string& format) {
  for (migrations::MigrationSet& set : sets) take_apart(set);
  lint::ParsedMigrations parsed(sets, configuration.lint.threads);
  std::string text;
  Json statements = Json::array();
  std::size_t count = 0, different = 0, not_compared = 0;
  int version = 0;
  for (const migrations::MigrationSet& set : sets) {
    TRY_ASSIGN(execute::ScratchSession scratch, execute::ScratchSession::open({target, "cupel effects", nullptr}));
    version = scratch.server_major();
    schema::Database database(schema::RowAssumption::replay_is_complete);
    LiveEffects live(scratch, database);
    lint::replay(set, parsed, version, database, live);
    if (live.failed()) return *live.failed();
    text += live.take_text();
    for (Json& statement : live.take_json()) statements.push_back(std::move(statement));
    count += live.statements;
    different += live.different;
    not_compared += live.not_compared;
  }
  if (format == "json") {
    const Json document = {{"version", 1}, {"postgres_version", version}, {"statements", std::move(statements)}};
    TRY_VOID(write_output(document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n", ""));
  } else {
    text += fmt::format("{} statements on PostgreSQL {}: {} not as predicted, {} not compared\n", count, version, different, not_compared);
    TRY_VOID(write_output(text, ""));
  }
  return static_cast<int>(different == 0 ? exit_clean : exit_findings);
}

}  // namespace cupel::cli

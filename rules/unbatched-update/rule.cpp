#include "lint/batches.h"
#include "lint/pass.h"

#include <algorithm>
#include <string>

#include <fmt/format.h>

namespace {

using namespace cupel;
using sql::Expression;
using sql::ExpressionKind;

constexpr std::string_view sources[] = {"manual: UPDATE; DELETE; 13.3.2 Row-Level Locks", "bytebase/affected-row-limit",
                                        "gitlab/update_large_table"};

bool is_constant(const Expression& expression) { return expression.columns().empty() && expression.kind() != ExpressionKind::subquery; }

// A range of some column with both ends given, or its rows named one by one: somebody chose how many.
class Bounds {
 public:
  static bool bounded(const Expression& where) {
    Bounds bounds;
    bounds.read(where);
    return bounds.named_ || bounds.ranged();
  }

 private:
  void read(const Expression& condition) {
    const std::vector<Expression> parts = condition.children();
    switch (condition.kind()) {
      case ExpressionKind::and_:
        for (const Expression& part : parts) read(part);
        break;
      case ExpressionKind::between:
        if (parts.size() == 3 && parts[0].kind() == ExpressionKind::column && is_constant(parts[1]) && is_constant(parts[2])) named_ = true;
        break;
      case ExpressionKind::operator_call: {
        if (parts.size() != 2 || parts[0].kind() != ExpressionKind::column || !is_constant(parts[1])) break;
        const std::string_view symbol = condition.last_name();
        if (symbol == "<" || symbol == "<=") below_.push_back(parts[0].last_name());
        if (symbol == ">" || symbol == ">=") above_.push_back(parts[0].last_name());
        break;
      }
      default: break;
    }
  }
  [[nodiscard]] bool ranged() const {
    return std::any_of(below_.begin(), below_.end(),
                       [this](std::string_view column) { return std::find(above_.begin(), above_.end(), column) != above_.end(); });
  }

  bool named_ = false;
  std::vector<std::string_view> below_, above_;
};

// `id = 1`, `id IN (1, 2)` on a table whose keys are not known.
bool looks_like_key(const Expression& where) {
  const std::vector<Expression> parts = where.children();
  if (where.kind() == ExpressionKind::and_ || where.kind() == ExpressionKind::or_) {
    const auto is_key = [](const Expression& part) { return looks_like_key(part); };
    return where.kind() == ExpressionKind::and_ ? std::any_of(parts.begin(), parts.end(), is_key)
                                                : std::all_of(parts.begin(), parts.end(), is_key);
  }
  const bool equality =
      (where.kind() == ExpressionKind::operator_call && where.last_name() == "=") || where.kind() == ExpressionKind::in_list;
  if (!equality || parts.size() < 2 || parts[0].kind() != ExpressionKind::column) return false;
  if (!std::all_of(parts.begin() + 1, parts.end(), [](const Expression& part) { return is_constant(part); })) return false;
  const std::string_view name = parts[0].last_name();
  return name == "id" || name == "key" || name == "uuid" || name == "slug" || name == "name" || name == "code";
}

// A subquery with LIMIT chooses the rows.
bool has_limit(std::string_view text) {
  const std::vector<sql::Token> tokens = sql::tokens(text);
  return std::any_of(tokens.begin(), tokens.end(), [&](const sql::Token& token) {
    const std::string_view word = token.span.of(text);
    return token.kind == sql::TokenKind::word && (word == "LIMIT" || word == "limit" || word == "FETCH" || word == "fetch");
  });
}

void check_table(lint::Pass& pass, const sql::QualifiedName& name, const Expression& where, std::string_view verb, std::string safe) {
  const schema::Relation* table = pass.find(name);
  if (!pass.keeps_others_waiting(table) || has_limit(pass.text())) return;
  // The transaction keeps everybody out of the table already: that is statement-after-access-exclusive's, with the same way out.
  const effects::HeldLock* held = table == nullptr ? nullptr : pass.transaction().held_on(table->id);
  if (held != nullptr && held->lock.mode == effects::LockMode::access_exclusive && held->lock.held_to_end) return;
  if (where && Bounds::bounded(where)) return;
  if ((table == nullptr || table->incomplete) && where && looks_like_key(where)) return;
  lint::Report report = pass.report(fmt::format(
      "{} an unbounded number of rows of {} keeps them locked against writes until the transaction ends", verb, pass.display(name)));
  report
      .why("However many rows match are changed in one go: their other writers wait, and what was done is lost if it has to be cancelled.")
      .certainty(lint::Certainty::assumes_rows)
      .changes_rows_of(table)
      .advice("do it in batches, each in its own transaction, outside the migration that changes the schema");
  if (!safe.empty()) report.safe_sql(std::move(safe));
}

void check(lint::Pass& pass) {
  const effects::Effects& effects = pass.effects();
  if (!effects.has(effects::WorkKind::data_change) || (effects.failure && effects.failure->certain)) return;
  if (migrations::backfill_before(pass.part().backfills, pass.script().source().text(), pass.statement().span.begin) != nullptr) return;
  if (const auto* update = pass.as<sql::Update>()) {
    check_table(pass, update->table, update->where, "updating", lint::in_batches(pass, *update));
  } else if (const auto* deletion = pass.as<sql::Delete>()) {
    check_table(pass, deletion->table, deletion->where, "deleting", lint::in_batches(pass, *deletion));
  }
}

constexpr std::string_view more_specific[] = {"delete-or-update-without-where"};

}  // namespace

CUPEL_RULE(unbatched_update) = {
    .title = "Unbounded number of rows changed in one statement",
    .severity = cupel::lint::Severity::warning,
    .group = cupel::lint::Group::data_changes,
    .sources = sources,
    .yields_to = more_specific,
    .on = cupel::lint::StatementKinds::of<cupel::sql::Update, cupel::sql::Delete>(),
    .check = check,
};

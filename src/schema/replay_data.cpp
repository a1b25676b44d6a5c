// Statements about rows, sequences, and the session.
#include "base/ascii.h"
#include "schema/replay.h"

#include <algorithm>

namespace cupel::schema {

// ---- rows ---------------------------------------------------------------------------------------------------------------

void Replay::touch(const sql::Query& query) {
  for (const sql::RelationReference& reference : query.relations) {
    const RelationId id = target(reference.name);
    if (id == RelationId::none) continue;
    if (reference.use == sql::RelationUse::insert || reference.use == sql::RelationUse::merge) fill(id);
  }
}

void Replay::fill(RelationId table) {
  const Relation& known = relation(table);
  if (known.has_storage()) {
    state_.fill(table);
    return;
  }
  if (known.kind != RelationKind::partitioned_table) return;
  // Which partitions the rows go to is not known: any of them.
  for (const RelationId child : database_.descendants(table)) {
    if (relation(child).has_storage()) state_.fill(child);
  }
}

void Replay::check_written_columns(RelationId table, std::span<const std::string_view> columns) {
  const Relation& known = relation(table);
  if (known.incomplete) return;
  for (const std::string_view column : columns) {
    if (known.find_column(column) == nullptr) unknown_column(column, known);
  }
}

void Replay::apply(const sql::Insert& insert) {
  const RelationId table = target(insert.table);
  if (table != RelationId::none) {
    check_written_columns(table, insert.columns);
    // In a DO block it may run in a loop.
    if (insert.from_values && !statement_.conditional && relation(table).has_storage()) {
      state_.fill(table, insert.values.empty() ? 1 : insert.values.size());
    } else {
      fill(table);
    }
  }
  // The target is among the query's relations, too; those of its WITH are filled by queries.
  for (const sql::RelationReference& reference : insert.query.relations) {
    const RelationId id = target(reference.name);
    if (id != RelationId::none && id != table && (reference.use == sql::RelationUse::insert || reference.use == sql::RelationUse::merge))
      fill(id);
  }
}

// UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'name'::regclass: how an index that a failed CREATE INDEX
// CONCURRENTLY left behind is imitated, and how one is disabled by hand.
void Replay::set_index_validity(const sql::Update& update) {
  const auto column = std::find(update.columns.begin(), update.columns.end(), "indisvalid");
  if (column == update.columns.end()) return;
  const sql::Expression& value = update.values[static_cast<std::size_t>(column - update.columns.begin())];
  const bool valid = value.kind() == sql::ExpressionKind::literal && value.literal() == "true";
  update.where.walk([&](const sql::Expression& part) {
    if (part.kind() != sql::ExpressionKind::cast || part.type().name != "regclass") return true;
    const std::vector<sql::Expression> argument = part.children();
    if (argument.size() != 1 || !argument.front().is_string_literal()) return true;
    const std::string name = argument.front().literal();
    const std::size_t dot = name.find('.');
    const RelationId id = dot == std::string::npos ? state_.find({}, name) : state_.find(name.substr(0, dot), name.substr(dot + 1));
    if (id != RelationId::none && relation(id).index) change(id).index->valid = valid;
    return true;
  });
}

void Replay::apply(const sql::Update& update) {
  // Catalogs changed by hand; of pg_index the one change that people make is understood.
  const bool is_catalog = update.table.schema == "pg_catalog" || (update.table.schema.empty() && update.table.name.starts_with("pg_"));
  if (is_catalog && update.table.name != "pg_index") state_.session.unseen_changes = true;
  if (update.table.name == "pg_index" && update.values.size() == update.columns.size()) set_index_validity(update);
  const RelationId table = target(update.table);
  if (table != RelationId::none) check_written_columns(table, update.columns);
  touch(update.query);
}

void Replay::apply(const sql::Delete& remove) {
  target(remove.table);
  touch(remove.query);
}

void Replay::apply(const sql::Merge& merge) {
  if (const RelationId table = target(merge.table); table != RelationId::none) fill(table);
  touch(merge.query);
}

void Replay::apply(const sql::Copy& copy) {
  if (copy.table) {
    const RelationId table = target(*copy.table);
    if (table != RelationId::none && copy.from) fill(table);
  }
  touch(copy.query);
}

void Replay::apply(const sql::Truncate& truncate) {
  std::vector<RelationId> tables;
  auto add = [&tables](RelationId id) {
    if (id != RelationId::none && std::find(tables.begin(), tables.end(), id) == tables.end()) tables.push_back(id);
  };
  for (std::size_t i = 0; i < truncate.names.size(); ++i) {
    const RelationId table = target(truncate.names[i]);
    if (table == RelationId::none) continue;
    add(table);
    if (i < truncate.only.size() && truncate.only[i]) continue;
    for (const RelationId child : database_.descendants(table)) add(child);
  }
  for (std::size_t i = 0; i < tables.size(); ++i) {
    for (const Database::ForeignKeyReference& reference : database_.referencing(tables[i])) {
      if (std::find(tables.begin(), tables.end(), reference.table) != tables.end()) continue;
      if (truncate.behavior == sql::DropBehavior::cascade) {
        add(reference.table);
        continue;
      }
      contradict(Kind::dependent_objects, relation(tables[i]).name.name, "cannot truncate a table referenced in a foreign key constraint",
                 "0A000");
      return;
    }
  }
  for (const RelationId table : tables) {
    if (relation(table).has_storage()) state_.empty(table);
  }
}

void Replay::apply(const sql::LockTable& lock) {
  for (const sql::QualifiedName& name : lock.names) target(name);
}

void Replay::apply(const sql::Reindex& reindex) {
  using Target = sql::Reindex::Target;
  if (reindex.target == Target::table) target(reindex.name);
  if (reindex.target == Target::index) target(reindex.name, RelationKind::index);
}

// ---- sequences, statistics ------------------------------------------------------------------------------------------------

void Replay::apply(const sql::CreateSequence& create_sequence) {
  ObjectName name = creation_name(create_sequence.name, create_sequence.persistence);
  if (!name_is_free(name, create_sequence.if_not_exists, false)) return;
  const RelationId id = create(blank(RelationKind::sequence, std::move(name), create_sequence.persistence), create_sequence.if_not_exists);
  if (!create_sequence.owned_by_table) return;
  const RelationId table = target(*create_sequence.owned_by_table);
  if (table == RelationId::none) return;
  Relation& sequence = change(id);
  sequence.owner_table = table;
  sequence.owner_column = create_sequence.owned_by_column;
  change(table).owned_sequences.push_back(id);
}

void Replay::apply(const sql::AlterSequence& alter_sequence) {
  if (alter_sequence.if_exists && state_.find(alter_sequence.name) == RelationId::none) return;
  const RelationId id = target(alter_sequence.name, RelationKind::sequence);
  if (id == RelationId::none || (!alter_sequence.owned_by_table && !alter_sequence.owned_by_none)) return;
  if (const RelationId owner = relation(id).owner_table; owner != RelationId::none && exists(owner))
    std::erase(change(owner).owned_sequences, id);
  Relation& sequence = change(id);
  sequence.owner_table = RelationId::none;
  sequence.owner_column.clear();
  if (!alter_sequence.owned_by_table) return;
  const RelationId table = target(*alter_sequence.owned_by_table);
  if (table == RelationId::none) return;
  sequence.owner_table = table;
  sequence.owner_column = alter_sequence.owned_by_column;
  change(table).owned_sequences.push_back(id);
}

void Replay::apply(const sql::CreateStatistics& create_statistics) {
  for (const sql::QualifiedName& name : create_statistics.tables) {
    const RelationId table = target(name);
    if (table == RelationId::none || create_statistics.name.name.empty()) continue;
    const std::vector<std::string>& known = relation(table).statistics;
    if (std::find(known.begin(), known.end(), create_statistics.name.name) == known.end()) {
      change(table).statistics.emplace_back(create_statistics.name.name);
    }
  }
}

// ---- session --------------------------------------------------------------------------------------------------------------

void Replay::apply(const sql::Select& select) {
  touch(select.query);
  for (const sql::Expression& call : select.query.calls) {
    const std::vector<std::string_view> name = call.name();
    if (!name.empty()) notice_call(name.size() > 1 ? name[name.size() - 2] : std::string_view(), name.back());
    // SELECT set_config('search_path', '', false) opens every dump.
    if (name.empty() || name.back() != "set_config") continue;
    const std::vector<sql::Expression> arguments = call.children();
    if (arguments.size() != 3 || !arguments[0].is_string_literal() || !arguments[1].is_string_literal()) continue;
    state_.session.settings.set(arguments[0].literal(), arguments[1].literal(), arguments[2].literal() == "true");
  }
}

void Replay::apply(const sql::Call& call) { notice_call(call.function.schema, call.function.name); }

void Replay::apply(const sql::Opaque& /*opaque*/) { state_.session.unseen_changes = true; }

// A call of a function of the history whose body may change definitions: bodies are not replayed where they are called.
void Replay::notice_call(std::string_view schema, std::string_view function) {
  if (state_.session.unseen_changes) return;
  const FunctionSet* set = state_.find_functions(schema, function);
  if (set == nullptr) return;
  for (const Function& overload : set->overloads) {
    for (const sql::Token& token : sql::tokens(overload.body)) {
      const std::string word = lower_case(token.span.of(overload.body));
      if (word == "create" || word == "alter" || word == "drop" || word == "execute") state_.session.unseen_changes = true;
    }
  }
}

void Replay::apply(const sql::SetVariable& set) { state_.session.settings.apply(set); }

void Replay::apply(const sql::Transaction& transaction) {
  // Inside a DO block it ends the transaction of the caller, or fails: which, is not known here.
  if (statement_.conditional) return;
  using TransactionKind = sql::Transaction::Kind;
  switch (transaction.kind) {
    case TransactionKind::begin: state_.begin(); return;
    case TransactionKind::prepare:
    case TransactionKind::commit:
      state_.commit();
      if (transaction.chain) state_.begin();
      return;
    case TransactionKind::rollback:
      state_.rollback();
      if (transaction.chain) state_.begin();
      return;
    case TransactionKind::savepoint: state_.savepoint(transaction.savepoint); return;
    case TransactionKind::release: state_.release(transaction.savepoint); return;
    case TransactionKind::rollback_to: state_.rollback_to(transaction.savepoint); return;
    case TransactionKind::commit_prepared:
    case TransactionKind::rollback_prepared: return;
  }
}

}  // namespace cupel::schema

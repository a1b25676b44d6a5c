#include "tests/effects/measured_prediction.h"

#include "effects/effects.h"
#include "effects/transaction_state.h"

#include <algorithm>
#include <deque>
#include <unordered_map>

namespace cupel::effects {

namespace {

using schema::RelationKind;

// A server's session: the replay and the scripts it holds on to.
class Session {
 public:
  explicit Session(int postgres_version) : version_(postgres_version), database_(schema::RowAssumption::replay_is_complete) {}

  // Returns nullptr if it cannot be parsed.
  const sql::Script* parse(std::string text) {
    sources_.emplace_back("row.sql", std::move(text));
    scripts_.push_back(sql::Script::parse(sources_.back()));
    return scripts_.back().errors().empty() ? &scripts_.back() : nullptr;
  }

  bool run(std::string text) {
    const sql::Script* script = parse(std::move(text));
    if (script == nullptr) return false;
    for (const sql::Statement& statement : script->statements()) apply(statement, *script);
    return true;
  }

  void apply(const sql::Statement& statement, const sql::Script& script) {
    if (statement.as<sql::DoBlock>() != nullptr) {
      for (const sql::Statement& inner : script.body(statement).statements) database_.apply(inner, script);
    } else {
      database_.apply(statement, script);
    }
  }

  [[nodiscard]] schema::Database& database() { return database_; }
  [[nodiscard]] int version() const { return version_; }

 private:
  int version_;
  std::deque<SourceText> sources_;
  std::deque<sql::Script> scripts_;
  schema::Database database_;
};

// Adds up what several statements of one transaction do to the relations that existed before it.
class Observer {
 public:
  Observer(const Row& row, Session& session) : session_(session), target_name_(row.at("target")) {
    for (RelationId id : session_.database().relations()) {
      const schema::Relation& relation = session_.database().relation(id);
      names_.emplace(id, relation.name.name);
      if (relation.name.name == target_name_ && relation.kind != RelationKind::index) target_ = id;
    }
  }

  // `failed`: the failure that depends on the rows did happen.
  void observe(const Effects& effects, bool failed) {
    const std::size_t locks = failed ? effects.failure->locks_before : effects.locks.size();
    for (std::size_t i = 0; i < locks; ++i) observe_lock(effects.locks[i]);
    failed_ = failed;
    for (const Work& work : effects.work) observe_work(work);
    for (RelationId id : reads_blocked(effects, session_.database())) add_blocked(id, reads_);
    for (RelationId id : writes_blocked(effects, session_.database(), session_.version())) add_blocked(id, writes_);
  }

  void finish(PredictedRow& row) const {
    row.on_target = target_mode_ ? std::string(internal_name(*target_mode_)) : "";
    row.on_other = strongest(others_);
    row.on_index = strongest(indexes_);
    row.rewrite = rewrite_;
    row.index_rebuild = index_rebuild_;
    row.full_scan = full_scan_;
    row.reads_blocked = tried(reads_, false);
    row.writes_blocked = tried(writes_, true);
  }

 private:
  using Modes = std::map<std::string, LockMode>;

  [[nodiscard]] bool existed(RelationId id) const { return names_.count(id) != 0; }

  static void raise(Modes& modes, const std::string& name, LockMode mode) {
    const auto [known, added] = modes.emplace(name, mode);
    if (!added) known->second = std::max(known->second, mode);
  }

  void observe_lock(const RelationLock& lock) {
    if (lock.role == Role::created) return;
    if (lock.role == Role::toast) {
      if (existed(lock.owner)) raise(indexes_, lock.owner == target_ ? "toast of the target" : "toast of another", lock.mode);
      return;
    }
    if (lock.relation == RelationId::none) {
      // What the replay has no relation for: a composite type.
      raise(lock.role == Role::index ? indexes_ : others_, lock.name.substr(lock.name.rfind('.') + 1), lock.mode);
      return;
    }
    if (!existed(lock.relation)) return;
    if (lock.role == Role::index) {
      raise(indexes_, names_.at(lock.relation), lock.mode);
      involved_.insert(lock.owner);
      return;
    }
    involved_.insert(lock.relation);
    if (lock.relation == target_) {
      target_mode_ = target_mode_ ? std::max(*target_mode_, lock.mode) : lock.mode;
    } else {
      raise(others_, names_.at(lock.relation), lock.mode);
    }
  }

  void observe_work(const Work& work) {
    if (work.relation == RelationId::none || !existed(work.relation)) return;
    const schema::Database& database = session_.database();
    const schema::Relation& relation = database.relation(work.relation);
    if (database.rows(relation) == schema::Rows::empty) return;
    const bool copies_index = work.kind == WorkKind::copy && !work.index_name.empty();
    if (work.kind == WorkKind::rewrite || (work.kind == WorkKind::copy && !copies_index)) rewrite_ = true;
    const bool has_index = std::any_of(relation.indexes.begin(), relation.indexes.end(),
                                       [&](RelationId index) { return existed(index) && database.exists(index); });
    if (work.kind == WorkKind::index_rebuild || (work.kind == WorkKind::rewrite && has_index && !failed_)) index_rebuild_ = true;
    // Rows that an index leads to are changed without a scan.
    if (work.kind != WorkKind::copy && work.kind != WorkKind::data_change) full_scan_ = true;
  }

  void add_blocked(RelationId id, std::set<RelationId>& blocked) const {
    if (existed(id)) blocked.insert(id);
  }

  // Only relations that were locked were tried; not foreign tables, and writing not on views.
  [[nodiscard]] std::set<std::string> tried(const std::set<RelationId>& blocked, bool writing) const {
    std::set<std::string> names;
    for (RelationId id : blocked) {
      const RelationKind kind = session_.database().relation(id).kind;
      if (involved_.count(id) == 0 || kind == RelationKind::foreign_table) continue;
      if (writing && (kind == RelationKind::view || kind == RelationKind::materialized_view)) continue;
      names.insert(names_.at(id));
    }
    return names;
  }

  static Strongest strongest(const Modes& modes) {
    Strongest result;
    if (modes.empty()) return result;
    LockMode mode = LockMode::access_share;
    for (const auto& each : modes) mode = std::max(mode, each.second);
    result.mode = internal_name(mode);
    for (const auto& each : modes) {
      if (each.second == mode) result.relations.insert(each.first);
    }
    return result;
  }

  Session& session_;
  std::string target_name_;
  RelationId target_ = RelationId::none;
  std::unordered_map<RelationId, std::string> names_;
  std::optional<LockMode> target_mode_;
  Modes others_, indexes_;
  std::set<RelationId> involved_, reads_, writes_;
  bool rewrite_ = false, index_rebuild_ = false, full_scan_ = false;
  bool failed_ = false;
};

struct Setup {
  std::string by_another, by_itself;
};

Setup split_setup(const std::string& text) {
  constexpr std::string_view mark = "-- in the measured session:";
  const std::size_t at = text.find(mark);
  if (at == std::string::npos) return {text, ""};
  return {text.substr(0, at), text.substr(at + mark.size())};
}

// The statements of a transaction, those of a DO block in place of it.
struct Piece {
  const sql::Statement* statement;
  const sql::Script* script;
};
std::vector<Piece> pieces(const sql::Script& script) {
  std::vector<Piece> result;
  for (const sql::Statement& statement : script.statements()) {
    if (statement.as<sql::DoBlock>() == nullptr) {
      result.push_back({&statement, &script});
      continue;
    }
    for (const sql::Statement& inner : script.body(statement).statements) result.push_back({&inner, &script});
  }
  return result;
}

}  // namespace

PredictedRow predict_row(const Row& row, int postgres_version) {
  PredictedRow result;
  Session session(postgres_version);
  const Setup setup = split_setup(row.at("setup_sql"));
  if (!session.run(setup.by_another)) return result.parsed = false, result;
  session.database().settings().reset_all();
  session.database().begin_transaction();
  Observer observer(row, session);
  if (!session.run(setup.by_itself)) return result.parsed = false, result;
  const sql::Script* script = session.parse(row.at("statement"));
  if (script == nullptr) return result.parsed = false, result;

  session.database().begin_transaction();
  session.database().settings().begin();
  TransactionState transaction;
  transaction.begin_part(TransactionKind::explicit_block);
  const std::vector<Piece> statements = pieces(*script);
  for (std::size_t i = 0; i < statements.size(); ++i) {
    const Context context{session.database(), *script, postgres_version, &transaction};
    const Effects effects = predict(*statements[i].statement, context);
    if (effects.refused_in_transaction) result.allowed_in_transaction = false;
    if (effects.refused_in_transaction && statements.size() > 1) {
      // One query string is one transaction.
      result.sqlstate = "25001";
      break;
    }
    const bool failed = effects.failure && !effects.failure->certain && effects.failure->sqlstate == row.at("sqlstate");
    observer.observe(effects, failed);
    if (effects.failure && effects.failure->certain) {
      result.sqlstate = effects.failure->sqlstate;
      break;
    }
    if (effects.failure) result.possible_sqlstates.insert(effects.failure->sqlstate);
    if (failed) break;
    transaction.after(*statements[i].statement, effects, session.database(), i);
    session.apply(*statements[i].statement, *script);
  }
  observer.finish(result);
  return result;
}

}  // namespace cupel::effects

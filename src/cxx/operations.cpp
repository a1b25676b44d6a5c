// Files of the operations API: the functions of its own headers are walked like the user's, down to the point where an operation is
// handed over as plain data. That data becomes SQL by the same function that a run of the migration uses.
#include "base/ascii.h"
#include "cxx/interpreter.h"
#include "op/render.h"

#include <cctype>
#include <deque>
#include <memory>
#include <type_traits>

namespace cupel::cxx {
namespace {

const Value* field(const Value& record, llvm::StringRef name) {
  for (const auto& [declaration, cell] : record.fields) {
    if (declaration->getIdentifier() != nullptr && declaration->getName() == name) {
      return cell->is(Value::Kind::pointer) && cell->target != nullptr ? cell->target.get() : cell.get();
    }
  }
  return nullptr;
}

// A record of values as the structure of the same members. What is not known is noted, and stands for its default.
class Reader {
 public:
  std::string gap;           // why something that is no text is not known
  std::string unknown_list;  // why a list is not known: nothing can be said then

  template <class T>
  void read(const Value& record, llvm::StringRef name, T& to) {
    const Value* value = field(record, name);
    if (value == nullptr) {
      note("its option " + name.str() + " is not known");
      return;
    }
    read_value(*value, name, to);
  }

  // Where a text that render() was given came from; nullptr if it was not one of these.
  [[nodiscard]] const std::vector<Segment>* origin(str text) const {
    for (const auto& [bytes, segments] : texts_) {
      if (text.data == bytes->data()) return &segments;
    }
    return nullptr;
  }

 private:
  void note(const std::string& why) {
    if (gap.empty()) gap = why;
  }

  template <class T>
  void read_value(const Value& value, llvm::StringRef name, T& to) {
    if constexpr (std::is_same_v<T, str>) {
      to = text(value, name);
    } else if constexpr (std::is_same_v<T, bool>) {
      if (value.is(Value::Kind::boolean) || value.is(Value::Kind::integer)) to = value.integer != 0;
      else note(value.reason.empty() ? "its option " + name.str() + " is not known" : value.reason);
    } else if constexpr (std::is_enum_v<T> || std::is_integral_v<T>) {
      if (value.is(Value::Kind::boolean) || value.is(Value::Kind::integer)) to = static_cast<T>(value.integer);
      else note(value.reason.empty() ? "its option " + name.str() + " is not known" : value.reason);
    } else if constexpr (std::is_same_v<T, double>) {
      if (value.is(Value::Kind::real)) to = value.real;
      else if (value.is(Value::Kind::integer)) to = static_cast<double>(value.integer);
      else note("a number is not known");
    } else {
      if (value.is(Value::Kind::record)) members(value, to);
      else note(value.reason.empty() ? "its option " + name.str() + " is not known" : value.reason);
    }
  }

  template <class T>
  void read_value(const Value& value, llvm::StringRef name, list<T>& to) {
    if (!value.is(Value::Kind::list)) {
      if (unknown_list.empty()) unknown_list = value.reason.empty() ? "its list of " + name.str() + " is not known" : value.reason;
      return;
    }
    auto elements = std::make_shared<std::vector<T>>();
    for (const Cell& item : value.items) read_element(*item, name, *elements);
    to = list<T>(elements->data(), elements->size());
    kept_.push_back(std::move(elements));
  }

  template <class T>
  void read_element(const Value& item, llvm::StringRef name, std::vector<T>& to) {
    if constexpr (std::is_same_v<T, table_element>) {
      column_definition column;
      constraint_definition constraint;
      bool is_column = false;
      read(item, "is_column", is_column);
      if (is_column) {
        read(item, "column", column);
        to.push_back(table_element(column));
      } else {
        read(item, "constraint", constraint);
        to.push_back(table_element(constraint));
      }
    } else if constexpr (std::is_same_v<T, index_element>) {
      index_element element("");
      read_value(item, name, element);
      to.push_back(element);
    } else if constexpr (std::is_same_v<T, exclude_element>) {
      exclude_element element{index_element(""), {}};
      read_value(item, name, element);
      to.push_back(element);
    } else {
      T element{};
      read_value(item, name, element);
      to.push_back(element);
    }
  }

  str text(const Value& value, llvm::StringRef name) {
    std::vector<Segment> segments;
    if (value.is(Value::Kind::string)) {
      segments = value.text;
    } else {
      Segment hole;
      hole.kind = Segment::Kind::hole;
      hole.text = name.str();
      hole.reason = value.reason.empty() ? "the text of " + name.str() + " is not known" : value.reason;
      segments.push_back(std::move(hole));
    }
    auto bytes = std::make_shared<std::string>();
    for (Segment& segment : segments) {
      if (segment.kind == Segment::Kind::hole) segment.text = name_of(segment.text);
      *bytes += segment.text;
    }
    const str made(bytes->c_str(), bytes->size());
    texts_.emplace_back(std::move(bytes), std::move(segments));
    return made;
  }

  // A hole in a name is a name, so that nothing is quoted around it.
  static std::string name_of(const std::string& expression) {
    std::string name = "hole_";
    for (const char c : expression) {
      if (std::isalnum(static_cast<unsigned char>(c)) != 0) name += to_lower(c);
      else if (name.back() != '_') name += '_';
      if (name.size() > 40) break;
    }
    return name;
  }

  // NOLINTBEGIN(readability-magic-numbers): one line per member.
  void members(const Value& v, type& t) {
    read(v, "name", t.name), read(v, "schema", t.schema), read(v, "is_identifier", t.is_identifier);
    read(v, "modifier_count", t.modifier_count), read(v, "dimensions", t.dimensions);
    const Value* modifiers = field(v, "modifiers");
    for (std::size_t i = 0; modifiers != nullptr && i < 2 && i < modifiers->items.size(); ++i) {
      if (modifiers->items[i]->is(Value::Kind::integer)) t.modifiers[i] = static_cast<int>(modifiers->items[i]->integer);
      else note("a type's modifier is not known");
    }
  }
  void members(const Value& v, maybe& t) { read(v, "said", t.said); }
  void members(const Value& v, value& t) {
    read(v, "kind", t.kind);
    read(v, "boolean", t.boolean), read(v, "integer", t.integer), read(v, "unsigned_integer", t.unsigned_integer), read(v, "real", t.real);
    read(v, "text", t.text);
  }
  void members(const Value& v, index_element& t) { read(v, "text", t.text), read(v, "is_expression", t.is_expression); }
  void members(const Value& v, exclude_element& t) { read(v, "column", t.column), read(v, "with", t.with); }
  void members(const Value& v, constraint_options& t) {
    read(v, "ondelete", t.ondelete), read(v, "onupdate", t.onupdate), read(v, "not_valid", t.not_valid),
        read(v, "deferrable", t.deferrable);
    read(v, "initially_deferred", t.initially_deferred), read(v, "no_inherit", t.no_inherit);
    read(v, "nulls_not_distinct", t.nulls_not_distinct), read(v, "match_full", t.match_full), read(v, "include", t.include);
    read(v, "using_index", t.using_index), read(v, "method", t.method), read(v, "where", t.where), read(v, "schema", t.schema);
    read(v, "referent_schema", t.referent_schema);
  }
  void members(const Value& v, constraint_definition& t) {
    read(v, "kind", t.kind), read(v, "name", t.name), read(v, "columns", t.columns), read(v, "condition", t.condition);
    read(v, "referent", t.referent), read(v, "referent_columns", t.referent_columns), read(v, "elements", t.elements);
    read(v, "options", t.options);
  }
  void members(const Value& v, column_definition& t) {
    read(v, "name", t.name), read(v, "type", t.type), read(v, "nullable", t.nullable), read(v, "primary_key", t.primary_key);
    read(v, "unique", t.unique), read(v, "identity", t.identity), read(v, "server_default", t.server_default), read(v, "check", t.check);
    read(v, "generated", t.generated), read(v, "collation", t.collation), read(v, "comment", t.comment);
    read(v, "references", t.references), read(v, "referent", t.referent), read(v, "referent_column", t.referent_column);
    read(v, "reference", t.reference);
  }
  void members(const Value& v, create_table_options& t) {
    read(v, "if_not_exists", t.if_not_exists), read(v, "unlogged", t.unlogged), read(v, "comment", t.comment);
    read(v, "partition_by", t.partition_by), read(v, "with", t.with), read(v, "tablespace", t.tablespace), read(v, "schema", t.schema);
  }
  void members(const Value& v, drop_options& t) {
    read(v, "if_exists", t.if_exists), read(v, "cascade", t.cascade), read(v, "schema", t.schema);
  }
  void members(const Value& v, alter_column_options& t) {
    read(v, "nullable", t.nullable), read(v, "server_default", t.server_default), read(v, "type", t.type);
    read(v, "using_expression", t.using_expression), read(v, "collation", t.collation), read(v, "new_name", t.new_name);
    read(v, "comment", t.comment), read(v, "schema", t.schema);
  }
  void members(const Value& v, create_index_options& t) {
    read(v, "unique", t.unique), read(v, "concurrently", t.concurrently), read(v, "if_not_exists", t.if_not_exists),
        read(v, "only", t.only);
    read(v, "nulls_not_distinct", t.nulls_not_distinct), read(v, "include", t.include), read(v, "method", t.method),
        read(v, "where", t.where);
    read(v, "with", t.with), read(v, "tablespace", t.tablespace), read(v, "schema", t.schema);
  }
  void members(const Value& v, enum_value_options& t) {
    read(v, "if_not_exists", t.if_not_exists), read(v, "before", t.before), read(v, "after", t.after), read(v, "schema", t.schema);
  }
  void members(const Value& v, create_extension_options& t) {
    read(v, "if_not_exists", t.if_not_exists), read(v, "cascade", t.cascade), read(v, "version", t.version), read(v, "schema", t.schema);
  }
  void members(const Value& v, create_sequence_options& t) {
    read(v, "if_not_exists", t.if_not_exists), read(v, "cycle", t.cycle), read(v, "start", t.start), read(v, "increment", t.increment);
    read(v, "minimum", t.minimum), read(v, "maximum", t.maximum), read(v, "cache", t.cache), read(v, "type", t.type);
    read(v, "owned_by_table", t.owned_by_table), read(v, "owned_by_column", t.owned_by_column), read(v, "schema", t.schema);
  }
  void members(const Value& v, create_view_options& t) {
    read(v, "or_replace", t.or_replace), read(v, "materialized", t.materialized), read(v, "if_not_exists", t.if_not_exists);
    read(v, "with_no_data", t.with_no_data), read(v, "columns", t.columns), read(v, "schema", t.schema);
  }
  void members(const Value& v, backfill_options& t) {
    read(v, "set", t.set), read(v, "where", t.where), read(v, "key", t.key), read(v, "batch", t.batch), read(v, "pause_ms", t.pause_ms);
    read(v, "max_lag_ms", t.max_lag_ms), read(v, "schema", t.schema);
  }
  // NOLINTEND(readability-magic-numbers)

 public:
  void request_members(const Value& v, request& t) {
    read(v, "schema", t.schema), read(v, "table", t.table), read(v, "name", t.name), read(v, "new_name", t.new_name),
        read(v, "text", t.text);
    read(v, "owner", t.owner), read(v, "if_not_exists", t.if_not_exists), read(v, "concurrently", t.concurrently);
    read(v, "materialized", t.materialized), read(v, "idempotent", t.idempotent),
        read(v, "on_conflict_do_nothing", t.on_conflict_do_nothing);
    read(v, "columns", t.columns), read(v, "index_elements", t.index_elements), read(v, "labels", t.labels),
        read(v, "elements", t.elements);
    read(v, "rows", t.rows), read(v, "table_options", t.table_options), read(v, "drop", t.drop), read(v, "alter", t.alter);
    read(v, "index", t.index), read(v, "enum_value", t.enum_value), read(v, "extension", t.extension), read(v, "sequence", t.sequence);
    read(v, "view", t.view), read(v, "backfill", t.backfill);
  }

 private:
  std::vector<std::pair<std::shared_ptr<std::string>, std::vector<Segment>>> texts_;
  std::vector<std::shared_ptr<void>> kept_;
};

Stretch generated(std::string text, const Place& place) {
  Stretch stretch;
  stretch.text = std::move(text);
  stretch.place = place;
  return stretch;
}

// What a text of the operation became in the SQL: itself, or itself between quotes.
void add_fragment(const std::string& sql, const std::vector<Segment>& segments, const Place& place, std::vector<Stretch>& to) {
  std::string flat;
  for (const Segment& segment : segments) flat += segment.text;
  const std::size_t inner = sql.find(flat);
  if (flat.empty() || inner == std::string::npos) {
    // Some of its characters are doubled: all of it stands for all of it.
    to.push_back(generated(sql, segments.empty() ? place : stretches({segments.front()}).front().place));
    return;
  }
  if (inner > 0) to.push_back(generated(sql.substr(0, inner), place));
  for (Stretch& stretch : stretches(segments)) {
    if (stretch.hole && stretch.place.end == 0) stretch.place = place;
    to.push_back(std::move(stretch));
  }
  if (inner + flat.size() < sql.size()) to.push_back(generated(sql.substr(inner + flat.size()), place));
}

}  // namespace

void Interpreter::emit_operation(const Value& operation) {
  if (silent_ > 0) return;
  Item item;
  if (!calls_.empty()) {
    item.place = calls_.back();
    item.chain.assign(calls_.rbegin() + 1, calls_.rend());
  }
  for (const auto& [literal, cell] : operation.fields) (void)literal, mark_reached(*cell);
  item.function = root_;
  item.conditional = doubt() - repeated_ > 0;
  item.repeated = repeated_ > 0;
  item.downgrade = downgrade_;
  item.revision = analysis_.revisions.empty() ? 0 : analysis_.revisions.size() - 1;
  request made;
  Reader reader;
  const Value* kind = operation.is(Value::Kind::record) ? field(operation, "kind") : nullptr;
  if (kind == nullptr || !kind->is(Value::Kind::integer)) {
    item.operation = "an operation";
    item.reason = operation.reason.empty() ? "which operation it is is not known" : operation.reason;
    analysis_.items.push_back(std::move(item));
    return;
  }
  made.kind = static_cast<request_kind>(kind->integer);
  item.operation = op::name(made.kind);
  reader.request_members(operation, made);
  if (!reader.unknown_list.empty()) {
    item.reason = reader.unknown_list;
    analysis_.items.push_back(std::move(item));
    return;
  }
  const op::Rendered rendered = op::render(made);
  if (!rendered.error.empty() || item.operation.ends_with("_autocommit")) {
    item.reason = rendered.error;
    analysis_.items.push_back(std::move(item));
    return;
  }
  for (const op::RenderedStatement& statement : rendered.statements) {
    Item one = item;
    std::size_t at = 0;
    for (const op::Fragment& fragment : statement.fragments) {
      const std::vector<Segment>* origin = reader.origin(fragment.text);
      if (origin == nullptr || fragment.begin < at) continue;
      if (fragment.begin > at) one.text.push_back(generated(statement.sql.substr(at, fragment.begin - at), one.place));
      add_fragment(statement.sql.substr(fragment.begin, fragment.end - fragment.begin), *origin, one.place, one.text);
      at = fragment.end;
    }
    if (at < statement.sql.size()) one.text.push_back(generated(statement.sql.substr(at), one.place));
    if (!reader.gap.empty()) {
      Stretch gap = generated("", one.place);
      gap.hole = true;
      gap.reason = reader.gap;
      one.text.push_back(std::move(gap));
    }
    analysis_.items.push_back(std::move(one));
  }
}

void Interpreter::mark_reached(const Value& value) {
  for (const Segment& segment : value.text) {
    if (segment.literal != nullptr) segment.literal->reached = true;
  }
  for (const Cell& item : value.items) mark_reached(*item);
  for (const auto& [name, cell] : value.fields) mark_reached(*cell);
}

bool Interpreter::run_revisions(const std::vector<const clang::VarDecl*>& variables) {
  for (const clang::VarDecl* variable : variables) {
    const clang::CXXRecordDecl* record = record_of(variable->getType());
    if (record == nullptr || record->getQualifiedNameAsString() != "cupel::registered" || variable->getInit() == nullptr) continue;
    const auto* construct = llvm::dyn_cast<clang::CXXConstructExpr>(bare(variable->getInit()));
    if (construct == nullptr || construct->getNumArgs() < 2) continue;
    Revision& revision = analysis_.revisions.emplace_back();
    revision.place = places_.of(variable->getSourceRange());
    Frame bottom;
    frames_.push_back(&bottom);
    const Value about = evaluate(construct->getArg(0));
    const auto read = [&](llvm::StringRef name, std::string& to) {
      const Value* value = about.is(Value::Kind::record) ? field(about, name) : nullptr;
      if (value != nullptr && value->is(Value::Kind::string) && full_text(value->text, to)) return;
      if (revision.problem.empty()) revision.problem = "the revision's " + name.str() + " is not known before the program runs";
    };
    read("id", revision.id);
    read("down", revision.down);
    read("message", revision.message);
    read("label", revision.label);
    read("depends_on", revision.depends_on);
    const Value* transactional = about.is(Value::Kind::record) ? field(about, "transactional") : nullptr;
    if (transactional != nullptr && truth(*transactional)) revision.transactional = *truth(*transactional);
    mark_reached(about);
    for (unsigned i = 1; i <= 2 && i < construct->getNumArgs(); ++i) {
      const Value function = evaluate(construct->getArg(i));
      if (function.is(Value::Kind::null)) continue;
      downgrade_ = i == 2;
      revision.has_downgrade = revision.has_downgrade || downgrade_;
      root_ = downgrade_ ? "downgrade" : "upgrade";
      if (!function.is(Value::Kind::function) || !function.function->hasBody()) {
        if (revision.problem.empty()) revision.problem = "what the revision's " + root_ + " does is defined elsewhere";
        continue;
      }
      in_revision_ = true;
      call_function(function.function, nullptr, {}, nullptr);
      in_revision_ = false;
    }
    frames_.pop_back();
  }
  return !analysis_.revisions.empty();
}

}  // namespace cupel::cxx

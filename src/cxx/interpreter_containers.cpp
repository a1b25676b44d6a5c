// What containers of libraries hold, and in which order.
#include "cxx/interpreter.h"

#include <algorithm>

#include <clang/AST/DeclTemplate.h>

namespace cupel::cxx {
namespace {

bool is_any(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// The key of an element of a map, or the element of a set; null if it is not known.
const Value* key_of(const Value& element, bool map) {
  if (!map) return &element;
  if (element.is(Value::Kind::list)) return element.items.size() == 2 ? element.items[0].get() : nullptr;
  for (const auto& [field, cell] : element.fields) {
    const auto* one = llvm::dyn_cast<clang::FieldDecl>(field);
    if (one != nullptr && one->getFieldIndex() == 0) return cell.get();
  }
  return nullptr;
}

// What a key is compared by: a number or a text.
struct Key {
  long long number = 0;
  std::string text;
  bool is_text = false;
  // clang-tidy 14 takes the 0 that a defaulted comparison is made of for a pointer.
  friend auto operator<=>(const Key&, const Key&) = default;  // NOLINT(modernize-use-nullptr)
};

std::optional<Key> comparable(const Value* value) {
  if (value == nullptr) return std::nullopt;
  Key key;
  if (value->is(Value::Kind::integer) || value->is(Value::Kind::boolean)) {
    if (value->is_unsigned && value->integer < 0) return std::nullopt;
    key.number = value->integer;
    return key;
  }
  key.is_text = true;
  if (value->is(Value::Kind::string) && full_text(value->text, key.text)) return key;
  return std::nullopt;
}

// Its elements are compared in another way than by <.
bool has_own_comparison(const clang::CXXRecordDecl* record, bool map) {
  const auto* whole = llvm::dyn_cast<clang::ClassTemplateSpecializationDecl>(record);
  if (whole == nullptr) return true;
  const clang::TemplateArgumentList& arguments = whole->getTemplateArgs();
  const unsigned plain = map ? 2 : 1;
  if (arguments.size() <= plain) return false;
  if (arguments[plain].getKind() == clang::TemplateArgument::Pack) return arguments[plain].pack_size() > 0;
  const clang::CXXRecordDecl* comparison =
      arguments[plain].getKind() == clang::TemplateArgument::Type ? arguments[plain].getAsType()->getAsCXXRecordDecl() : nullptr;
  return comparison == nullptr || comparison->getQualifiedNameAsString() != "std::less";
}

}  // namespace

bool is_map_class(const clang::CXXRecordDecl* record) {
  if (record == nullptr || record->getIdentifier() == nullptr) return false;
  return is_any(record->getName(), {"map", "unordered_map", "multimap", "QMap"});
}

void keep_order(const clang::CXXRecordDecl* record, Value& list) {
  if (record == nullptr || record->getIdentifier() == nullptr || !list.is(Value::Kind::list)) return;
  const bool map = is_map_class(record);
  const bool unordered = is_any(record->getName(), {"unordered_set", "unordered_map"});
  if (!unordered && !is_any(record->getName(), {"set", "multiset", "map", "multimap", "QMap"})) return;
  if (!unordered && has_own_comparison(record, map)) {
    list = Value::unknown("a container has an order of its own");
    return;
  }
  std::vector<std::pair<Key, Cell>> sorted;
  for (const Cell& item : list.items) {
    const std::optional<Key> key = comparable(key_of(*item, map));
    if (!key) return;
    sorted.emplace_back(*key, item);
  }
  const auto by_key = [](const auto& a, const auto& b) { return a.first < b.first; };
  const auto same_key = [](const auto& a, const auto& b) { return a.first == b.first; };
  if (unordered) {
    // Its order is the library's. That in which they were written is as good as another; each is there once.
    std::vector<std::pair<Key, Cell>> once;
    for (const auto& one : sorted) {
      if (std::none_of(once.begin(), once.end(), [&](const auto& other) { return same_key(one, other); })) once.push_back(one);
    }
    sorted = std::move(once);
  } else {
    std::stable_sort(sorted.begin(), sorted.end(), by_key);
    if (!record->getName().starts_with("multi")) sorted.erase(std::unique(sorted.begin(), sorted.end(), same_key), sorted.end());
  }
  list.items.clear();
  for (auto& [key, item] : sorted) list.items.push_back(std::move(item));
}

// What `map` has for `key`; with `insert` it has it then. Null where that is not known.
Cell Interpreter::mapped(const Cell& map, const clang::CXXRecordDecl* record, const Value& key, bool insert) {
  const std::optional<Key> wanted = comparable(&key);
  if (!wanted || !map->is(Value::Kind::list)) return nullptr;
  for (const Cell& item : map->items) {
    const std::optional<Key> known = comparable(key_of(*item, true));
    if (!known) return nullptr;
    if (*known != *wanted) continue;
    if (item->is(Value::Kind::list)) return item->items[1];
    for (const auto& [field, cell] : item->fields) {
      const auto* one = llvm::dyn_cast<clang::FieldDecl>(field);
      if (one != nullptr && one->getFieldIndex() == 1) return cell;
    }
    return nullptr;
  }
  if (!insert) return nullptr;
  Value pair;
  pair.kind = Value::Kind::list;
  pair.items.push_back(std::make_shared<Value>(key.copy()));
  Value empty;
  const auto* whole = llvm::dyn_cast<clang::ClassTemplateSpecializationDecl>(record);
  if (whole != nullptr && whole->getTemplateArgs().size() > 1 && whole->getTemplateArgs()[1].getKind() == clang::TemplateArgument::Type)
    empty = default_value(whole->getTemplateArgs()[1].getAsType());
  Cell made = std::make_shared<Value>(std::move(empty));
  pair.items.push_back(made);
  touch(map);
  map->items.push_back(std::make_shared<Value>(std::move(pair)));
  keep_order(record, *map);
  return made;
}

std::optional<Value> Interpreter::list_method(const clang::CXXMethodDecl* method, const clang::Expr* object,
                                              llvm::ArrayRef<const clang::Expr*> arguments, const clang::Expr* /*call*/) {
  const std::string name = method->getNameAsString();
  const clang::CXXRecordDecl* record = record_of(object->getType());
  if (!is_list_class(record)) record = method->getParent();
  Cell cell = cell_of(object);
  if (cell != nullptr && cell->is(Value::Kind::pointer) && cell->target != nullptr) cell = cell->target;
  const Value self = cell != nullptr ? *cell : evaluate(object);
  std::vector<Value> values;
  for (const clang::Expr* argument : arguments) values.push_back(evaluate(argument));
  if (!self.is(Value::Kind::list)) {
    if (!method->isConst() && cell != nullptr) forget(cell, self.reason);
    return Value::unknown(self.reason.empty() ? "the contents of a container are not known" : self.reason);
  }
  if (is_any(name, {"size", "count", "length"}) && values.empty()) return Value::of_integer(static_cast<long long>(self.items.size()));
  if (is_any(name, {"empty", "isEmpty"})) return Value::of_boolean(self.items.empty());
  if (is_map_class(record)) {
    // The key and the value, or both as one.
    const bool inserts = is_any(name, {"emplace", "try_emplace", "insert", "insert_or_assign"});
    if (inserts && cell != nullptr && values.size() == 2) {
      if (const Cell known = mapped(cell, record, values[0], false); known != nullptr && name != "insert_or_assign") return Value();
      if (const Cell to = mapped(cell, record, values[0], true)) {
        write(to, values[1].copy());
        return Value();
      }
    }
    if (is_any(name, {"at", "value"}) && values.size() == 1) {
      const Cell known = cell == nullptr ? nullptr : mapped(cell, record, values[0], false);
      return known == nullptr ? Value::unknown("which element it is is not known") : *known;
    }
  }
  if (name == "emplace_back" && cell != nullptr && values.size() == 1) {
    // Makes an element of what it is given: which constructor that is, the call does not show.
    const auto* whole = llvm::dyn_cast<clang::ClassTemplateSpecializationDecl>(record);
    const clang::QualType type =
        whole != nullptr && whole->getTemplateArgs().size() > 0 ? whole->getTemplateArgs()[0].getAsType() : clang::QualType();
    const bool made_of_other = !type.isNull() && type->isRecordType() && !is_text_type(type) && !values[0].is(Value::Kind::lambda) &&
                               !context_.hasSameUnqualifiedType(type, arguments[0]->getType().getNonReferenceType());
    if (made_of_other) {
      forget(cell, "emplace_back() makes an element in a way that is not followed");
      return Value();
    }
  }
  if (is_any(name, {"push_back", "append", "emplace_back", "insert", "emplace"}) && cell != nullptr) {
    const bool keyed = is_any(record->getName().str(), {"set", "multiset", "unordered_set"}) || is_map_class(record);
    if (values.size() == 1 && (name != "insert" || keyed)) {
      touch(cell);
      cell->items.push_back(std::make_shared<Value>(values[0].copy()));
      keep_order(record, *cell);
      return Value();
    }
    if (name == "emplace_back" && values.size() > 1) {
      const clang::CXXRecordDecl* element = nullptr;
      if (const auto* whole = llvm::dyn_cast<clang::ClassTemplateSpecializationDecl>(method->getParent());
          whole != nullptr && whole->getTemplateArgs().size() > 0) {
        element = whole->getTemplateArgs()[0].getAsType()->getAsCXXRecordDecl();
      }
      const clang::CXXRecordDecl* defined = element == nullptr ? nullptr : element->getDefinition();
      if (defined != nullptr && static_cast<std::size_t>(std::distance(defined->field_begin(), defined->field_end())) == values.size()) {
        Value made;
        made.kind = Value::Kind::record;
        std::size_t index = 0;
        for (const clang::FieldDecl* field : defined->fields()) made.fields[field] = std::make_shared<Value>(values[index++].copy());
        touch(cell);
        cell->items.push_back(std::make_shared<Value>(std::move(made)));
        return Value();
      }
    }
    forget(cell, name + "() on a container is not followed");
    return Value();
  }
  if (is_any(name, {"at", "value"}) && values.size() == 1 && values[0].is(Value::Kind::integer) && values[0].integer >= 0 &&
      static_cast<std::size_t>(values[0].integer) < self.items.size()) {
    return *self.items[static_cast<std::size_t>(values[0].integer)];
  }
  if (is_any(name, {"front", "first"}) && !self.items.empty()) return *self.items.front();
  if (is_any(name, {"back", "last"}) && !self.items.empty()) return *self.items.back();
  if (name == "join") {
    Value text = Value::of_text({});
    for (std::size_t i = 0; i < self.items.size(); ++i) {
      if (i > 0 && !values.empty()) text = add(std::move(text), values[0], nullptr, arguments[0]);
      text = add(std::move(text), *self.items[i], nullptr, object);
    }
    return text;
  }
  if (name == "clear" && cell != nullptr) {
    Value empty;
    empty.kind = Value::Kind::list;
    write(cell, std::move(empty));
    return Value();
  }
  if (is_any(name, {"begin", "end", "cbegin", "cend", "data", "find", "reserve", "contains", "constBegin", "constEnd"})) {
    return name == "data" ? self : Value::unknown("iterators are not followed");
  }
  if (!method->isConst() && cell != nullptr) forget(cell, name + "() on a container is not followed");
  return Value::unknown(name + "() on a container is not followed");
}

}  // namespace cupel::cxx

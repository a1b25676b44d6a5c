// Internal to src/sql: PostgreSQL's lists and strings in C++ terms, and calls into the library that may raise errors.
#pragma once

#include "sql/postgres.h"
#include "sql/statement.h"

#include <string_view>

namespace cupel::sql {

// The elements of a List (which may be null) as T*, for a range-based for.
template <class T>
class Each {
 public:
  explicit Each(const ::List* list) : list_(list) {}
  struct Iterator {
    const ::ListCell* cell;
    const T* operator*() const { return static_cast<const T*>(cell->ptr_value); }
    Iterator& operator++() {
      ++cell;
      return *this;
    }
    bool operator!=(const Iterator& other) const { return cell != other.cell; }
  };
  [[nodiscard]] Iterator begin() const { return {list_ == nullptr ? nullptr : list_->elements}; }
  [[nodiscard]] Iterator end() const { return {list_ == nullptr ? nullptr : list_->elements + list_->length}; }

 private:
  const ::List* list_;
};

inline std::string_view view(const char* text) { return text == nullptr ? std::string_view{} : std::string_view(text); }
inline int size(const ::List* list) { return list == nullptr ? 0 : list->length; }

inline ::NodeTag tag_of(const void* node) { return node == nullptr ? T_Invalid : static_cast<const ::Node*>(node)->type; }
// The node as T; the caller has looked at its tag.
template <class T>
const T& as_node(const void* node) {
  return *static_cast<const T*>(node);
}

template <class T>
const T& element(const ::List* list, int index) {
  return *static_cast<const T*>(list->elements[index].ptr_value);
}

// The text of a String node; empty for any other.
inline std::string_view string_of(const void* node) {
  return tag_of(node) == T_String ? view(as_node<::String>(node).sval) : std::string_view{};
}
// The last String of a possibly qualified name.
inline std::string_view last_string(const ::List* names) {
  return size(names) == 0 ? std::string_view{} : string_of(&element<::Node>(names, names->length - 1));
}
std::vector<std::string_view> strings(const ::List* names);

// schema.name out of a list of Strings, without a span. A leading database name is dropped.
QualifiedName name_of(const ::List* names);
TypeName type_of(const ::TypeName* type);

// The nearest expressions at or below `node`, in the order written: entering lists, joins, subqueries and clauses, not
// expressions.
std::vector<Expression> expressions_below(const ::Node* node);
bool is_expression(const ::Node* node);

// True if the tree under `node` has more than `limit` levels. Recursion stops there, so any tree may be asked about.
bool deeper_than(const ::Node* node, int limit);
// The same of a whole statement of any kind: true if one of its expressions or queries is deeper.
bool statement_deeper_than(const ::Node* statement, int limit);

// Calls `run(argument)`. PostgreSQL reports errors with longjmp: those end here, and the answer is false. No frame
// between here and the error may own anything, as destructors are skipped.
bool guarded(void (*run)(void*), void* argument);

// A memory context that is current while this lives; what PostgreSQL allocates meanwhile goes away with it.
// Must not be nested.
class ScratchContext {
 public:
  ScratchContext() : context_(pg_query_enter_memory_context()) {}
  ~ScratchContext() { pg_query_exit_memory_context(context_); }
  ScratchContext(const ScratchContext&) = delete;
  ScratchContext& operator=(const ScratchContext&) = delete;

 private:
  ::MemoryContext context_;
};

}  // namespace cupel::sql

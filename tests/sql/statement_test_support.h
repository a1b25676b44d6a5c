// A text and its first statements, for tests of what statements say.
#pragma once

#include "sql/script.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace cupel::sql {

class Sql {
 public:
  explicit Sql(std::string text) : source_("test.sql", std::move(text)), script_(Script::parse(source_)) {
    for (const SyntaxError& error : script_.errors()) ADD_FAILURE() << error.message << "\n" << source_.text();
  }

  // The statement at `index` as T, which it must be.
  template <class T>
  const T& as(std::size_t index = 0) const {
    if (index < script_.statements().size()) {
      if (const T* found = script_.statements()[index].as<T>()) return *found;
    }
    ADD_FAILURE() << "not that kind of statement: " << source_.text();
    static const T none{};
    return none;
  }
  const Script& script() const { return script_; }
  const Statement& statement(std::size_t index = 0) const { return script_.statements()[index]; }
  std::string at(Span span) const { return std::string(span.of(source_.text())); }

 private:
  SourceText source_;
  Script script_;
};

// schema.name and the text under its span: "s.t @ S.t"
inline std::string shown(const Sql& sql, const QualifiedName& name) {
  return (name.schema.empty() ? "" : std::string(name.schema) + ".") + std::string(name.name) + " @ " + sql.at(name.span);
}
inline std::vector<std::string> shown(const Sql& sql, const std::vector<QualifiedName>& names) {
  std::vector<std::string> result;
  for (const QualifiedName& name : names) result.push_back(shown(sql, name));
  return result;
}
inline std::vector<std::string> texts(const std::vector<Expression>& expressions) {
  std::vector<std::string> result;
  for (const Expression& expression : expressions) result.push_back(expression.text());
  return result;
}

}  // namespace cupel::sql

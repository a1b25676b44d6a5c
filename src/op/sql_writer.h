// Puts a statement together, and keeps which part of it came from which text.
#pragma once

#include "op/render.h"

#include <string>
#include <string_view>
#include <vector>

namespace cupel::op {

class SqlWriter {
 public:
  // SQL of our own.
  SqlWriter& words(std::string_view text);
  SqlWriter& number(long long number);
  SqlWriter& name(str name);
  // The schema may be empty.
  SqlWriter& name(str schema, str name);
  // "(a, b)"
  SqlWriter& names(list<str> names);
  SqlWriter& literal(str text);
  // SQL of the user's. Something may follow: a comment at its end is ended.
  SqlWriter& sql(str text);
  // As it is, to the last byte.
  SqlWriter& verbatim(str text);
  SqlWriter& element(const index_element& element);
  SqlWriter& type(const cupel::type& type);
  // A constant or expression; `none` and unset are the caller's to treat.
  SqlWriter& value(const cupel::value& value);

  // Notes what is wrong; the first one is kept.
  void refuse(std::string_view what);
  [[nodiscard]] const std::string& error() const { return error_; }

  // Begins the next statement.
  void end_statement();
  Rendered take();

 private:
  void check(str text, std::string_view what);
  void add(std::string_view sql, str source, bool verbatim);

  RenderedStatement statement_;
  Rendered rendered_;
  std::string error_;
};

inline std::string_view view(str text) { return {text.data, text.size}; }

}  // namespace cupel::op

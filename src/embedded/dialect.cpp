#include "embedded/dialect.h"

#include "base/ascii.h"

#include <algorithm>
#include <array>
#include <string>

namespace cupel::embedded {
namespace {

template <std::size_t N>
bool holds_any(std::string_view text, const std::array<std::string_view, N>& words) {
  return std::ranges::any_of(words, [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

}  // namespace

bool is_for_other_database(std::string_view source) {
  static constexpr std::array<std::string_view, 8> others = {"QSQLITE", "SQLITE3_OPEN", "SQLITE3_EXEC", "MYSQL_QUERY",
                                                             "QMYSQL",  "SQLITE3.H",    "MYSQL.H",      "SQLITE3_PREPARE"};
  static constexpr std::array<std::string_view, 4> own = {"PQXX", "LIBPQ", "POSTGRES", "QPSQL"};
  const std::string text = upper_case(source);
  return holds_any(text, others) && !holds_any(text, own);
}

bool is_other_dialect(std::string_view sql) {
  static constexpr std::array<std::string_view, 10> signs = {"AUTOINCREMENT", "AUTO_INCREMENT",   "ENGINE=",           "WITHOUT ROWID",
                                                             "SQLITE_MASTER", "INSERT OR IGNORE", "INSERT OR REPLACE", "ON DUPLICATE KEY",
                                                             "UNSIGNED ",     "TINYINT"};
  const std::string text = upper_case(sql);
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return holds_any(text, signs) || text.find('`') != std::string::npos ||
         (first != std::string::npos && text.compare(first, 7, "PRAGMA ") == 0);
}

bool may_hold_sql(std::string_view source) {
  static constexpr std::array<std::string_view, 18> words = {
      "CREATE ", "ALTER ",    "DROP ",   "TRUNCATE",          "PQEXEC",    "PQPREPARE",
      "PQSEND",  "PQXX",      "REINDEX", "COMMENT ON",        "CUPEL",     "REFRESH MATERIALIZED",
      "SOCI",    "QSQLQUERY", "EXECSQL", "STORAGES/POSTGRES", "BLUEPRINT", "TOM/MIGRATION"};
  return holds_any(upper_case(source), words);
}

bool is_cxx_file(std::string_view name) {
  static constexpr std::array<std::string_view, 13> endings = {".cpp", ".cc", ".cxx", ".c",   ".c++", ".h", ".hpp",
                                                               ".hxx", ".hh", ".h++", ".ipp", ".inl", ".C"};
  const std::size_t dot = name.rfind('.');
  return dot != std::string_view::npos && std::ranges::find(endings, name.substr(dot)) != endings.end();
}

}  // namespace cupel::embedded

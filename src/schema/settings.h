// The session's settings as SET, SET LOCAL, RESET and set_config change them.
#pragma once

#include "sql/statement.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cupel::schema {

class Settings {
 public:
  // Applies SET / RESET; SET LOCAL outside a transaction has no effect (manual: SET).
  void apply(const sql::SetVariable& set);
  void set(std::string_view name, std::string value, bool local);
  // Transaction boundaries: LOCAL values end with the transaction; a rollback also undoes SETs made in it.
  void begin();
  void commit();
  void rollback();
  [[nodiscard]] bool in_transaction() const { return in_transaction_; }
  // A new session: every setting back to its default.
  void reset_all();
  // What new sessions begin with where the server, database or role says so; reset_all() keeps it.
  void set_default(std::string_view name, std::string value);

  // The value in force as written, if the session set one or begins with one.
  [[nodiscard]] std::optional<std::string> find(std::string_view name) const;
  // lock_timeout and the like in milliseconds; nullopt if not set in this session; 0 means off.
  [[nodiscard]] std::optional<long long> milliseconds(std::string_view name) const;
  // The schemas of search_path, "$user" left out; {"public"} by default.
  [[nodiscard]] const std::vector<std::string>& search_path() const { return search_path_; }

 private:
  void update_search_path();
  std::map<std::string, std::string, std::less<>> defaults_, session_, before_transaction_, local_;
  std::vector<std::string> search_path_{"public"};
  bool in_transaction_ = false;
};

// "2s", "500", "1min" as PostgreSQL reads a time setting whose unit is milliseconds; nullopt if it is none.
std::optional<long long> parse_milliseconds(std::string_view value);

}  // namespace cupel::schema

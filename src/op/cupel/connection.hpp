// Reading and changing data from a migration, where SQL alone does not do: #include <cupel/connection.hpp>.
//
//     connection db = op.bind();
//     for (const row& user : db.query("SELECT id, phone FROM users WHERE phone IS NOT NULL"))
//         db.exec("UPDATE users SET phone = $1 WHERE id = $2", {normalised(user[1].text()), user[0].text()});
//
// Everything runs in the revision's transaction.
#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <cupel/operations.hpp>

namespace cupel {

// A value of a row, as PostgreSQL writes it.
class field {
 public:
  explicit field(std::optional<std::string> text) : text_(std::move(text)) {}

  [[nodiscard]] bool is_null() const { return !text_.has_value(); }
  // Throws where it is NULL.
  [[nodiscard]] const std::string& text() const {
    if (!text_) throw std::runtime_error("a value that was read is NULL");
    return *text_;
  }
  // Throws where it is no whole number.
  [[nodiscard]] long long integer() const {
    std::size_t end = 0;
    const long long number = std::stoll(text(), &end);
    if (end != text().size()) throw std::runtime_error("\"" + text() + "\" was read, which is no whole number");
    return number;
  }
  // Throws where it is no boolean.
  [[nodiscard]] bool boolean() const {
    if (text() != "t" && text() != "f") throw std::runtime_error("\"" + text() + "\" was read, which is no boolean");
    return text() == "t";
  }
  // `otherwise`: instead of NULL.
  [[nodiscard]] std::string text_or(std::string otherwise) const { return text_.value_or(std::move(otherwise)); }

 private:
  std::optional<std::string> text_;
};

using row = std::vector<field>;

// What a query answered.
class rows : private row_receiver {
 public:
  [[nodiscard]] const std::vector<std::string>& columns() const { return columns_; }
  [[nodiscard]] std::size_t size() const { return rows_.size(); }
  [[nodiscard]] bool empty() const { return rows_.empty(); }
  [[nodiscard]] const row& operator[](std::size_t number) const { return rows_[number]; }
  [[nodiscard]] auto begin() const { return rows_.begin(); }
  [[nodiscard]] auto end() const { return rows_.end(); }

 private:
  friend class connection;
  void on_columns(list<str> names) override {
    for (const str& name : names) columns_.emplace_back(name.data, name.size);
  }
  void on_row(list<parameter> fields) override {
    row& added = rows_.emplace_back();
    for (const parameter& value : fields)
      added.emplace_back(value.is_null ? std::nullopt : std::optional(std::string(value.text.data, value.text.size)));
  }

  std::vector<std::string> columns_;
  std::vector<row> rows_;
};

// A value for $1, $2, …
class argument {
 public:
  argument(std::nullptr_t) : is_null_(true) {}
  argument(bool value) : text_(value ? "true" : "false") {}
  argument(int value) : text_(std::to_string(value)) {}
  argument(long value) : text_(std::to_string(value)) {}
  argument(long long value) : text_(std::to_string(value)) {}
  argument(unsigned value) : text_(std::to_string(value)) {}
  argument(unsigned long value) : text_(std::to_string(value)) {}
  argument(unsigned long long value) : text_(std::to_string(value)) {}
  argument(const char* value) : text_(value) {}
  argument(std::string_view value) : text_(value) {}
  argument(std::string value) : text_(std::move(value)) {}
  argument(const field& value) : text_(value.text_or("")), is_null_(value.is_null()) {}

  [[nodiscard]] parameter view() const { return {{text_.data(), text_.size()}, is_null_}; }

 private:
  std::string text_;
  bool is_null_ = false;
};

class connection {
 public:
  explicit connection(host& host) : host_(&host) {}

  // Runs one statement that answers no rows; how many it changed. `sql`: with $1, $2, … for `arguments`, which PostgreSQL reads as
  // the type that stands there.
  unsigned long long exec(str sql, const std::vector<argument>& arguments = {}, source_place where = source_place::here()) {
    return send(sql, arguments, nullptr, where);
  }
  // Runs one statement and answers its rows, all of them.
  [[nodiscard]] rows query(str sql, const std::vector<argument>& arguments = {}, source_place where = source_place::here()) {
    rows result;
    send(sql, arguments, &result, where);
    return result;
  }

 private:
  unsigned long long send(str sql, const std::vector<argument>& arguments, row_receiver* receiver, source_place where) {
    std::vector<parameter> parameters;
    parameters.reserve(arguments.size());
    for (const argument& one : arguments) parameters.push_back(one.view());
    unsigned long long affected = 0;
    if (!host_->query(sql, parameters, receiver, &affected, where)) throw stopped{};
    return affected;
  }

  host* host_;
};

inline connection operations::bind(source_place where) {
  if (!host_->bind(where)) throw stopped{};
  return connection(*host_);
}

}  // namespace cupel

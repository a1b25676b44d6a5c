#include "schema/settings.h"

#include "base/ascii.h"

#include <charconv>
#include <cmath>

namespace cupel::schema {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v'; }

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

// The elements of a list setting as PostgreSQL's SplitIdentifierString reads them: folded unless quoted.
std::vector<std::string> split_identifiers(std::string_view list) {
  std::vector<std::string> result;
  std::size_t at = 0;
  while (at < list.size()) {
    while (at < list.size() && (is_space(list[at]) || list[at] == ',')) ++at;
    if (at >= list.size()) break;
    std::string element;
    if (list[at] == '"') {
      for (++at; at < list.size(); ++at) {
        if (list[at] == '"') {
          if (at + 1 < list.size() && list[at + 1] == '"') ++at;
          else break;
        }
        element += list[at];
      }
      if (at < list.size()) ++at;
    } else {
      while (at < list.size() && list[at] != ',' && !is_space(list[at])) element += to_lower(list[at++]);
    }
    result.push_back(std::move(element));
  }
  return result;
}

std::string quote_element(std::string_view element) {
  bool plain = !element.empty() && !(element.front() >= '0' && element.front() <= '9');
  for (char c : element) plain = plain && ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_');
  if (plain) return std::string(element);
  std::string quoted = "\"";
  for (char c : element) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

}  // namespace

void Settings::apply(const sql::SetVariable& set) {
  using Kind = sql::SetVariable::Kind;
  switch (set.kind) {
    case Kind::set: {
      std::string value;
      // Each value of SET search_path is one name, whatever it contains: 'a, b' in quotes is the schema "a, b".
      const bool list = set.name == "search_path";
      for (std::string_view element : set.values) {
        if (!value.empty()) value += ", ";
        value += list ? quote_element(element) : std::string(element);
      }
      this->set(set.name, std::move(value), set.local);
      return;
    }
    case Kind::set_default:
    case Kind::reset:
      if (set.local && !in_transaction_) return;
      if (auto found = local_.find(set.name); found != local_.end()) local_.erase(found);
      if (set.local) {
        // The default for the rest of the transaction: kept as an empty value over the session's own.
        const auto beginning = defaults_.find(set.name);
        const std::string value = beginning != defaults_.end() ? beginning->second : set.name == "search_path" ? "\"$user\", public" : "";
        if (session_.contains(set.name)) local_.insert_or_assign(std::string(set.name), value);
      } else if (auto found = session_.find(set.name); found != session_.end()) {
        session_.erase(found);
      }
      if (set.name == "search_path") update_search_path();
      return;
    case Kind::reset_all:
      session_.clear();
      local_.clear();
      update_search_path();
      return;
    case Kind::set_current:
    case Kind::set_multi: return;
  }
}

void Settings::set(std::string_view name, std::string value, bool local) {
  if (local && !in_transaction_) return;
  const bool path = name == "search_path";
  if (local) {
    local_.insert_or_assign(std::string(name), std::move(value));
  } else {
    if (auto found = local_.find(name); found != local_.end()) local_.erase(found);
    session_.insert_or_assign(std::string(name), std::move(value));
  }
  if (path) update_search_path();
}

void Settings::begin() {
  if (in_transaction_) return;
  in_transaction_ = true;
  before_transaction_ = session_;
}

void Settings::commit() {
  if (!in_transaction_) return;
  in_transaction_ = false;
  before_transaction_.clear();
  local_.clear();
  update_search_path();
}

void Settings::rollback() {
  if (!in_transaction_) return;
  in_transaction_ = false;
  session_ = std::move(before_transaction_);
  before_transaction_.clear();
  local_.clear();
  update_search_path();
}

void Settings::reset_all() {
  session_.clear();
  before_transaction_.clear();
  local_.clear();
  in_transaction_ = false;
  update_search_path();
}

void Settings::set_default(std::string_view name, std::string value) {
  defaults_.insert_or_assign(std::string(name), std::move(value));
  if (name == "search_path") update_search_path();
}

std::optional<std::string> Settings::find(std::string_view name) const {
  if (auto found = local_.find(name); found != local_.end()) {
    // SET LOCAL … TO DEFAULT is kept as an empty value; only search_path can really be set to nothing.
    if (found->second.empty() && name != "search_path") return std::nullopt;
    return found->second;
  }
  if (auto found = session_.find(name); found != session_.end()) return found->second;
  if (auto found = defaults_.find(name); found != defaults_.end()) return found->second;
  return std::nullopt;
}

std::optional<long long> Settings::milliseconds(std::string_view name) const {
  const std::optional<std::string> value = find(name);
  return value ? parse_milliseconds(*value) : std::nullopt;
}

void Settings::update_search_path() {
  const std::optional<std::string> value = find("search_path");
  if (!value) {
    search_path_.assign(1, "public");
    return;
  }
  search_path_.clear();
  for (std::string& element : split_identifiers(*value)) {
    if (!element.empty() && element != "$user") search_path_.push_back(std::move(element));
  }
}

std::optional<long long> parse_milliseconds(std::string_view value) {
  value = trim(value);
  double number = 0;
  bool hexadecimal = false;
  const char* begin = value.data();
  const char* end = value.data() + value.size();
  if (value.starts_with('+')) ++begin;
  std::from_chars_result parsed{begin, std::errc::invalid_argument};
  if (value.starts_with("0x") || value.starts_with("0X")) {
    long long integer = 0;
    parsed = std::from_chars(begin + 2, end, integer, 16);
    number = static_cast<double>(integer);
    hexadecimal = true;
  }
  if (!hexadecimal) parsed = std::from_chars(begin, end, number);
  if (parsed.ec != std::errc() || !std::isfinite(number)) return std::nullopt;
  const std::string_view unit = trim(std::string_view(parsed.ptr, static_cast<std::size_t>(end - parsed.ptr)));
  // Units are case-sensitive (manual: 20.1.1 Parameter Names and Values).
  double factor = 0;
  if (unit.empty() || unit == "ms") factor = 1;
  else if (unit == "us") factor = 0.001;
  else if (unit == "s") factor = 1000;
  else if (unit == "min") factor = 60.0 * 1000;
  else if (unit == "h") factor = 3600.0 * 1000;
  else if (unit == "d") factor = 86400.0 * 1000;
  else return std::nullopt;
  const double milliseconds = std::nearbyint(number * factor);
  if (std::abs(milliseconds) > 9e15) return std::nullopt;
  return static_cast<long long>(milliseconds);
}

}  // namespace cupel::schema

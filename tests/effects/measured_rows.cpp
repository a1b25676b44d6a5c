#include "tests/effects/measured_rows.h"

#include <fstream>
#include <iterator>

namespace cupel::effects {

namespace {

std::vector<std::vector<std::string>> read_csv(const std::string& text) {
  std::vector<std::vector<std::string>> records(1);
  std::string cell;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c != '"') {
        cell.push_back(c);
      } else if (i + 1 < text.size() && text[i + 1] == '"') {
        cell.push_back('"');
        ++i;
      } else {
        quoted = false;
      }
    } else if (c == '"') {
      quoted = true;
    } else if (c == ',' || c == '\n') {
      records.back().push_back(cell);
      cell.clear();
      if (c == '\n') records.emplace_back();
    } else if (c != '\r') {
      cell.push_back(c);
    }
  }
  if (!cell.empty() || !records.back().empty()) records.back().push_back(cell);
  if (records.back().empty()) records.pop_back();
  return records;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return parts;
}

// role[name]
std::string_view name_in(std::string_view entry) {
  const std::size_t open = entry.find('['), close = entry.rfind(']');
  if (open == std::string_view::npos || close == std::string_view::npos) return entry;
  return entry.substr(open + 1, close - open - 1);
}

Strongest parse_strongest(std::string_view cell, bool indexes) {
  Strongest result;
  if (cell.empty()) return result;
  const std::size_t space = cell.find(' ');
  std::string_view mode = cell.substr(0, space);
  if (mode.size() > 4 && mode.substr(mode.size() - 4) == "Lock") mode.remove_suffix(4);
  result.mode = mode;
  if (space == std::string_view::npos) return result;
  for (std::string_view entry : split(cell.substr(space + 1), ',')) {
    if (indexes && entry.substr(0, 12) == "index@toast@") {
      result.relations.insert(entry.substr(12, 7) == "target[" ? "toast of the target" : "toast of another");
    } else {
      result.relations.emplace(name_in(entry));
    }
  }
  return result;
}

}  // namespace

std::vector<Row> measured_rows(int postgres_version) {
  std::ifstream file(CUPEL_SOURCE_DIR "/fixtures/effects/effects-" + std::to_string(postgres_version) + ".csv", std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const std::vector<std::vector<std::string>> records = read_csv(text);
  std::vector<Row> rows;
  for (std::size_t i = 1; i < records.size(); ++i) {
    Row& row = rows.emplace_back();
    for (std::size_t column = 0; column < records[0].size() && column < records[i].size(); ++column) {
      row[records[0][column]] = records[i][column];
    }
  }
  return rows;
}

Strongest strongest_of(std::string_view cell) { return parse_strongest(cell, false); }
Strongest strongest_index_of(std::string_view cell) { return parse_strongest(cell, true); }

std::set<std::string> blocked_of(std::string_view cell) {
  std::set<std::string> names;
  for (std::string_view entry : split(cell, ';')) names.emplace(name_in(entry));
  return names;
}

std::string to_text(const std::set<std::string>& names) {
  std::string text;
  for (const std::string& name : names) {
    if (!text.empty()) text += ",";
    text += name;
  }
  return text;
}

std::string to_text(const Strongest& strongest) {
  return strongest.mode.empty() ? "" : strongest.mode + (strongest.relations.empty() ? "" : " ") + to_text(strongest.relations);
}

}  // namespace cupel::effects

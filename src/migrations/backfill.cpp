#include "migrations/backfill.h"

#include "migrations/text_lines.h"
#include "sql/script.h"

#include <charconv>
#include <optional>

#include <fmt/format.h>

namespace cupel::migrations {
namespace {

// "500ms", "2s", "1min"
std::optional<std::chrono::milliseconds> time_of(std::string_view text) {
  std::uint32_t number = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string_view unit(parsed.ptr, static_cast<std::size_t>(text.data() + text.size() - parsed.ptr));
  if (parsed.ec != std::errc() || number > 1'000'000) return std::nullopt;
  if (unit == "ms" || (unit.empty() && number == 0)) return std::chrono::milliseconds(number);
  if (unit == "s") return std::chrono::seconds(number);
  if (unit == "min") return std::chrono::minutes(number);
  return std::nullopt;
}

}  // namespace

Result<Backfill> parse_backfill(std::string_view value) {
  Backfill backfill;
  while (const auto word = next_word(value, "")) {
    const std::size_t equals = word->find('=');
    const std::string_view name = word->substr(0, equals);
    const std::string_view setting = equals == std::string_view::npos ? std::string_view() : word->substr(equals + 1);
    const auto refuse = [&](std::string_view what) {
      return Error{ErrorCode::usage, fmt::format("cupel:backfill: {} {}, not \"{}\"", name, what, setting)};
    };
    if (name == "table" || name == "key") {
      if (setting.empty()) return refuse("is a name");
      (name == "table" ? backfill.table : backfill.key) = setting;
    } else if (name == "batch") {
      const auto parsed = std::from_chars(setting.data(), setting.data() + setting.size(), backfill.batch);
      if (parsed.ec != std::errc() || parsed.ptr != setting.data() + setting.size() || backfill.batch < 1 || backfill.batch > 1'000'000)
        return refuse("is a number of rows from 1 to 1000000");
    } else if (name == "pause" || name == "max-lag") {
      const auto time = time_of(setting);
      if (!time) return refuse("is a time such as 50ms, 2s or 0");
      (name == "pause" ? backfill.pause : backfill.max_lag) = *time;
    } else {
      return Error{ErrorCode::usage,
                   fmt::format("cupel:backfill has no setting \"{}\"; it has table, key, batch, pause and max-lag", name)};
    }
  }
  if (backfill.key.empty()) return Error{ErrorCode::usage, "cupel:backfill needs key=COLUMN, a unique column that the batches go along"};
  return backfill;
}

const Backfill* backfill_before(const std::vector<Backfill>& backfills, std::string_view text, std::uint32_t statement_begin) {
  for (const Backfill& backfill : backfills) {
    if (backfill.comment.end > statement_begin) continue;
    if (sql::tokens(text.substr(backfill.comment.end, statement_begin - backfill.comment.end)).empty()) return &backfill;
  }
  return nullptr;
}

}  // namespace cupel::migrations

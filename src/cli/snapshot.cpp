#include "cli/snapshot.h"

#include "cli/input.h"
#include "cli/output.h"
#include "cli/signals.h"
#include "execute/live_schema.h"
#include "execute/pg_session.h"
#include "migrations/file_store.h"

#include <cmath>
#include <filesystem>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace cupel::cli {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using nlohmann::ordered_json;

// A table each line, so that a later snapshot differs by lines.
std::string as_json(const execute::LiveSchema& live, int server_version) {
  std::string text = fmt::format("{{\n  \"version\": 1,\n  \"postgres_version\": {},\n  \"tables\": [", server_version);
  bool first = true;
  for (const auto& [name, size] : live.sizes()) {
    ordered_json table = {{"schema", name.first}, {"name", name.second}};
    if (size.rows) table["rows"] = std::llround(*size.rows);
    table["bytes"] = size.bytes;
    text += (first ? "\n    " : ",\n    ") + table.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
    first = false;
  }
  return text + (first ? "]\n}\n" : "\n  ]\n}\n");
}

Result<int> snapshot(const DatabaseOptions& options) {
  TRY_ASSIGN(const Configuration configuration, load_configuration(options.common));
  TRY_ASSIGN(const std::string target, database_target(options, configuration));
  TRY_ASSIGN(execute::PgSession session, execute::PgSession::connect({target, "cupel", &watch_signals()}));
  TRY_ASSIGN(const execute::LiveSchema live, execute::read_live_schema(session, {{configuration.database.journal_schema}, true}));
  TRY_VOID(write_output(as_json(live, session.server_major()), ""));
  return static_cast<int>(exit_clean);
}

}  // namespace

void note_size(lint::Settings& settings, const std::string& schema, const std::string& table, std::optional<double> rows,
               std::uint64_t bytes) {
  // An estimate can be older than the rows: so few rows do not fill so many bytes.
  constexpr std::uint64_t not_small = 64ULL << 20;
  const lint::TableNote* noted = settings.note(schema, table);
  lint::TableNote note = noted == nullptr ? lint::TableNote{} : *noted;
  if (note.rows) return;
  note.bytes = static_cast<long long>(bytes);
  if (rows && (*rows > static_cast<double>(settings.small_table_rows) || bytes < not_small)) note.rows = static_cast<long long>(*rows);
  settings.tables[schema + "." + table] = note;
}

Status read_snapshot(const std::string& file, Configuration& configuration) {
  const std::string path = file.empty() ? (fs::path(configuration.file).parent_path() / snapshot_name).string() : file;
  if (migrations::path_kind(path) == migrations::PathKind::missing) {
    if (file.empty()) return success();
    return Error{ErrorCode::usage,
                 fmt::format("the snapshot {} does not exist; `cupel snapshot --database URL > {}` writes it", path, path)};
  }
  TRY_ASSIGN(const std::string text, present_text(path));
  try {
    const json document = json::parse(text);
    if (document.at("version") != 1)
      return Error{ErrorCode::usage, fmt::format("{} is no snapshot that this cupel knows: its version is not 1", path)};
    for (const json& table : document.at("tables")) {
      const std::optional<double> rows = table.contains("rows") ? std::optional(table.at("rows").get<double>()) : std::nullopt;
      note_size(configuration.lint, table.at("schema").get<std::string>(), table.at("name").get<std::string>(), rows,
                table.at("bytes").get<std::uint64_t>());
    }
  } catch (const json::exception& error) {
    return Error{ErrorCode::usage, fmt::format("{} is no snapshot of cupel: {}; `cupel snapshot` writes it anew", path, error.what())};
  }
  return success();
}

int snapshot_command(const DatabaseOptions& options) { return finish(snapshot(options)); }

}  // namespace cupel::cli

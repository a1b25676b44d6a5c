// pgmigrate 1.0.12 (yandex), pgmigrate.py at f90eaec: _get_migrations_info_from_dir (names, all folders below, what is refused),
// _get_statements (a file is cut into statements; other than ASCII is refused unless it is declared), migrate and
// _execute_mixed_steps (what is pending in one transaction, which ends before a NONTRANSACTIONAL migration; that one outside of
// any), _prepare_nontransactional_steps (which may not come first), _get_info (what is below the last version never runs),
// get_config (migrations.yml is beside the folder migrations).
#include "migrations/file_name.h"
#include "migrations/set_builder.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace cupel::migrations::runners {
namespace {

// V0001__title.sql
std::optional<VersionedName> name_of(std::string_view file) {
  std::string_view base = base_name(file);
  if (!base.starts_with('V') || !base.ends_with(".sql")) return std::nullopt;
  base = base.substr(1, base.size() - 5);
  const std::string_view version = leading_digits(base);
  const std::string_view rest = base.substr(version.size());
  if (version.empty() || !rest.starts_with("__") || rest.size() == 2) return std::nullopt;
  return VersionedName{version, rest.substr(2)};
}

// V1_title.sql, v1__title.sql: meant for a migration.
bool nearly_named(std::string_view file) {
  const std::string_view base = base_name(file);
  return base.size() > 1 && (base.front() == 'V' || base.front() == 'v') && !leading_digits(base.substr(1)).empty();
}

bool is_nontransactional(std::string_view title) { return title.find("NONTRANSACTIONAL") != std::string_view::npos; }

Recognition recognise(const Folder& folder) {
  // Flyway's names: only the configuration tells.
  if (folder.levels_up("migrations.yml") != 1) return Recognition::no;
  const auto& files = folder.files();
  return std::any_of(files.begin(), files.end(), [](const std::string& file) { return name_of(file).has_value(); }) ? Recognition::certain
                                                                                                                    : Recognition::no;
}

void check_encoding(SetBuilder& builder, std::size_t source) {
  const std::string_view text = builder.text(source);
  if (text.find("/* pgmigrate-encoding: utf-8 */") != std::string_view::npos) return;
  const auto other = std::find_if(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
  if (other == text.end()) return;
  const auto at = static_cast<std::uint32_t>(other - text.begin());
  builder.add_problem("layout-error", source, {at, at},
                      "pgmigrate refuses this file: it has other characters than ASCII and no /* pgmigrate-encoding: utf-8 */");
}

Result<MigrationSet> read(const Folder& folder) {
  SetBuilder builder(folder, "pgmigrate");
  VersionLine line(builder, VersionLine::Order::number, {.duplicate = "pgmigrate refuses the folder", .orphan = {}});
  for (const std::string& file : folder.files()) {
    if (!is_sql_file(file)) continue;
    const auto name = name_of(file);
    if (!name) {
      if (nearly_named(file)) {
        builder.add_ignored(file, fmt::format("pgmigrate passes over {}: its name is not V<n>__<title>.sql, with two _", file));
      }
      continue;
    }
    const auto source = builder.add_source(file);
    if (!source) continue;
    check_encoding(builder, *source);
    Part part;
    part.source = *source;
    part.mode = is_nontransactional(name->title) ? TransactionMode::none : TransactionMode::batch;
    line.add(name->version, name->title, Direction::upgrade, std::move(part));
  }
  line.finish();
  std::vector<Migration>& migrations = builder.set().migrations;
  for (Migration& migration : migrations) migration.downgrade_expected = false;
  if (!migrations.empty() && is_nontransactional(migrations.front().title)) {
    builder.add_problem("layout-error", source_of(migrations.front()), {},
                        "pgmigrate refuses to begin a new database with this file: the first migration must not be NONTRANSACTIONAL");
  }
  return builder.take();
}

}  // namespace

// _init_schema and _set_baseline of the same file. `schema` in migrations.yml may name another place than public.
constexpr Record records[] = {{.table = "public.schema_version",
                               .applied = "SELECT version::text FROM public.schema_version",
                               .applied_up_to = "SELECT version::text FROM public.schema_version WHERE type::text = 'manual'"}};

extern const Layout layout_pgmigrate;
const Layout layout_pgmigrate = {
    .name = "pgmigrate",
    .title = "pgmigrate (migrations/V<n>__<title>.sql, beside a migrations.yml)",
    .files = "V<n>__title.sql",
    .order = "number",
    .transactions =
        "All pending migrations in one transaction, statements one by one; NONTRANSACTIONAL in a file's name runs its statements outside "
        "of it, and what is pending before them is committed first.",
    .opt_out = "NONTRANSACTIONAL in the file's name",
    .late_migration = "pgmigrate never runs this one",
    .recognise = recognise,
    .read = read,
    .records = records,
};

}  // namespace cupel::migrations::runners

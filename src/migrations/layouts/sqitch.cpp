// sqitch 1.6.1: lib/App/Sqitch/Engine.pm deploy_change and revert_change (what is refused when a script is missing),
// lib/App/Sqitch/Engine/pg.pm _client_opts and run_file (psql --no-psqlrc --set ON_ERROR_STOP=1 --file for each script, so no
// transaction but those that the script begins), lib/App/Sqitch/Engine/pg.sql (the registry). The plan's own rules are in
// migrations/sqitch_plan.h.
#include "migrations/file_name.h"
#include "migrations/script_includes.h"
#include "migrations/set_builder.h"
#include "migrations/sqitch_plan.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

namespace cupel::migrations::runners {
namespace {

bool has_file(const Folder& folder, const std::string& file) {
  return std::binary_search(folder.files().begin(), folder.files().end(), file);
}

// Nothing when the folder has no plan, or its configuration leads elsewhere.
std::optional<SqitchPlaces> places_of(const Folder& folder) {
  SqitchPlaces places;
  if (const std::string name = "sqitch.conf"; has_file(folder, name)) {
    if (const auto configuration = folder.read(name)) places = parse_sqitch_places((*configuration)->text());
  }
  if (!places.inside || !has_file(folder, places.plan)) return std::nullopt;
  return places;
}

Recognition recognise(const Folder& folder) { return places_of(folder) ? Recognition::certain : Recognition::no; }

// The script of a change below `place`; `reworked` is where those are that a later change of the same name replaced.
std::string script_of(const Folder& folder, const PlannedChange& change, const SqitchPlaces& places, const std::string& place,
                      const std::string& reworked) {
  if (change.rework_tags.empty()) return fmt::format("{}/{}.{}", place, change.name, places.extension);
  const auto named = [&](const std::string& tag) { return fmt::format("{}/{}{}.{}", reworked, change.name, tag, places.extension); };
  for (const std::string& tag : change.rework_tags) {
    if (has_file(folder, named(tag))) return named(tag);
  }
  return named(change.rework_tags.front());
}

class ProjectReader {
 public:
  ProjectReader(const Folder& folder, SqitchPlaces places) : folder_(folder), places_(std::move(places)), builder_(folder, "sqitch") {}

  MigrationSet read() {
    const auto plan_source = builder_.add_source(places_.plan);
    if (!plan_source) return builder_.take();
    plan_source_ = *plan_source;
    SqitchPlan plan = parse_sqitch_plan(builder_.text(plan_source_));
    for (SqitchPlan::Error& error : plan.errors) {
      builder_.add_problem(std::string(error.rule), plan_source_, error.span, std::move(error.message));
    }
    for (const PlannedChange& change : plan.changes) add(change);
    std::vector<Migration>& migrations = builder_.set().migrations;
    const bool reverts = std::any_of(migrations.begin(), migrations.end(), [](const Migration& m) { return m.downgrade.has_value(); });
    for (Migration& migration : migrations) migration.downgrade_expected = reverts;
    pass_over_the_rest();
    link_in_order(builder_.set());
    return builder_.take();
  }

 private:
  void add(const PlannedChange& change) {
    const std::string file = script_of(folder_, change, places_, places_.deploy, places_.reworked_deploy);
    if (!has_file(folder_, file)) {
      builder_.add_problem("layout-error", plan_source_, change.line,
                           fmt::format("sqitch refuses to deploy {}: there is no {}", change.name, file));
      return;
    }
    // A second use of a script is refused with the plan; one report is enough.
    if (!used_.insert(file).second) return;
    Migration migration;
    // Stays the same when the change is reworked later; # may stand in no change's name.
    migration.revision = change.occurrence == 1 ? std::string(change.name) : fmt::format("{}#{}", change.name, change.occurrence);
    migration.title = change.name;
    migration.upgrade = part_of(file);
    const std::string revert = script_of(folder_, change, places_, places_.revert, places_.reworked_revert);
    if (has_file(folder_, revert) && used_.insert(revert).second) migration.downgrade = part_of(revert);
    if (migration.upgrade || migration.downgrade) builder_.set().migrations.push_back(std::move(migration));
  }

  std::optional<Part> part_of(const std::string& file) {
    const auto source = builder_.add_source(file);
    if (!source) return std::nullopt;
    // What a script includes runs as part of its change; it is not judged, since the registry knows changes only.
    for (const ScriptSection& section : sections_of(folder_, file, *builder_.set().sources[*source])) {
      if (section.file) included_.insert(*section.file);
      if (section.missing.empty()) continue;
      builder_.add_problem("layout-error", *source, section.span,
                           fmt::format("there is no {} to include: psql stops here, and sqitch with it", section.missing));
    }
    Part part;
    part.source = *source;
    part.mode = TransactionMode::none;
    return part;
  }

  // Scripts that the plan does not name never run; those that verify change nothing that lasts.
  void pass_over_the_rest() {
    const auto is_below = [](const std::string& file, const std::string& place) { return place.empty() || file.starts_with(place + "/"); };
    for (const std::string& file : folder_.files()) {
      if (!is_sql_file(file) || used_.contains(file)) continue;
      const bool is_known = included_.contains(file);
      if (!is_known && is_below(file, places_.deploy)) {
        builder_.add_ignored(file, fmt::format("sqitch never runs {}: {} does not name it", file, places_.plan));
      } else if (is_known || is_below(file, places_.revert) || is_below(file, places_.verify) || is_below(file, places_.reworked_deploy) ||
                 is_below(file, places_.reworked_revert)) {
        builder_.set().left_out.push_back(file);
      }
    }
  }

  const Folder& folder_;
  SqitchPlaces places_;
  SetBuilder builder_;
  std::size_t plan_source_ = 0;
  std::set<std::string> used_;      // files
  std::set<std::string> included_;  // files
};

Result<MigrationSet> read(const Folder& folder) {
  auto places = places_of(folder);
  if (!places) return SetBuilder(folder, "sqitch").take();
  return ProjectReader(folder, *std::move(places)).read();
}

}  // namespace

// The registry has one row for each occurrence of a reworked change, in the order they were deployed. Its schema is the
// default; other projects of the database are in it, too, with names of their own.
constexpr Record records[] = {
    {.table = "sqitch.changes",
     .applied = "SELECT change || CASE WHEN number > 1 THEN '#' || number ELSE '' END FROM (SELECT change, row_number() OVER "
                "(PARTITION BY project, change ORDER BY committed_at) AS number FROM sqitch.changes) AS numbered"}};

extern const Layout layout_sqitch;
const Layout layout_sqitch = {
    .name = "sqitch",
    .title = "sqitch (sqitch.plan, deploy/ and revert/)",
    .files = "sqitch.plan, deploy/name.sql, revert/name.sql",
    .order = "plan",
    .downgrade = "revert/name.sql",
    .transactions = "None by the runner: psql runs each script statement by statement; what BEGIN and COMMIT in it say.",
    .late_migration = "sqitch refuses to deploy",
    .new_migration = "sqitch add NAME",
    .recognise = recognise,
    .read = read,
    .records = records,
};

}  // namespace cupel::migrations::runners

// Lint for statements that are known only when they are about to be sent.
#include "cli/cxx_live.h"
#include "cli/cxx_suppressions.h"
#include "cli/lint_gate.h"
#include "cli/lint_output.h"
#include "execute/live_schema.h"
#include "lint/engine.h"

#include <memory>
#include <set>

#include <fmt/format.h>

namespace cupel::cli {
namespace {

class LiveGate {
 public:
  LiveGate(const Deployment& deployment, FailOn fail_on) : deployment_(deployment), fail_on_(fail_on) {}

  Status judge(const execute::PlannedRevision& revision, std::string_view sql, const execute::LivePlace& place) {
    if (revision.revision != revision_) TRY_VOID(begin(revision));
    if (!seen_.insert(std::string(sql)).second) return success();
    const std::size_t begin = text_.size();
    for (const std::string& suppression : suppressions_.at(place.file, place.line)) text_ += fmt::format("-- cupel:{}\n", suppression);
    text_ += sql;
    text_ += "\n;\n";
    lint::LintResult result = lint::lint_next(set(), lint::rule_table(), settings_, schema_.database());
    std::erase_if(result.findings, [&](const lint::Finding& finding) { return finding.span.begin < begin; });
    if (!fails(result, fail_on_)) return success();
    for (const lint::Finding& finding : result.findings) {
      lint::LintResult alone;
      alone.findings.push_back(finding);
      if (!fails(alone, fail_on_)) continue;
      return Error{ErrorCode::failed,
                   fmt::format("lint forbids this statement: {}: {} [{}]", lint::name(finding.severity), finding.message, finding.rule)};
    }
    return success();
  }

 private:
  // What is there is read in another session: this one is in the revision's transaction, whose statements are replayed.
  Status begin(const execute::PlannedRevision& revision) {
    revision_ = revision.revision;
    text_.clear();
    seen_.clear();
    TRY_ASSIGN(execute::PgSession session, execute::PgSession::connect({deployment_.target, "cupel", nullptr}));
    TRY_ASSIGN(schema_, execute::read_live_schema(session, {{deployment_.journal.schema()}, true}));
    settings_ = deployment_.configuration.lint;
    settings_.postgres_version = session.server_major();
    note_sizes(schema_.sizes(), settings_);
    return success();
  }

  [[nodiscard]] migrations::MigrationSet set() const {
    migrations::MigrationSet set;
    set.layout = "cupel";
    set.runner_sets_lock_timeout = true;
    set.sources.push_back(std::make_shared<const SourceText>(revision_, text_));
    migrations::Migration& migration = set.migrations.emplace_back();
    migration.revision = revision_;
    migration.downgrade_expected = false;
    migration.upgrade.emplace();
    return set;
  }

  const Deployment& deployment_;
  FailOn fail_on_;
  lint::Settings settings_;
  CxxSuppressions suppressions_;
  std::string revision_, text_;
  std::set<std::string> seen_;
  execute::LiveSchema schema_;
};

}  // namespace

std::function<Status(const execute::PlannedRevision&, std::string_view, const execute::LivePlace&)> live_gate(const Deployment& deployment,
                                                                                                              const std::string& fail_on) {
  const auto gate = std::make_shared<LiveGate>(deployment, fail_on.empty() ? deployment.configuration.fail_on : *parse_fail_on(fail_on));
  return [gate](const execute::PlannedRevision& revision, std::string_view sql, const execute::LivePlace& place) {
    return gate->judge(revision, sql, place);
  };
}

}  // namespace cupel::cli

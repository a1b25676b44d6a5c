#include "cli/check_command.h"

#include "cli/input.h"
#include "cli/output.h"
#include "execute/drift.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace cupel::cli {
namespace {

using nlohmann::ordered_json;
using Certainty = schema::Difference::Certainty;

ordered_json to_json(const schema::Difference& difference) {
  ordered_json result = {{"kind", schema::name(difference.kind)},
                         {"certainty", schema::name(difference.certainty)},
                         {"object_kind", difference.object_kind},
                         {"object", difference.object},
                         {"message", difference.message}};
  if (difference.kind == schema::Difference::Kind::changed) {
    result["aspect"] = difference.aspect;
    result["expected"] = difference.expected;
    result["found"] = difference.found;
  }
  return result;
}

std::string as_json(const execute::Drift& drift, const Deployment& deployment) {
  ordered_json differences = ordered_json::array();
  for (const schema::Difference& difference : drift.differences) differences.push_back(to_json(difference));
  const ordered_json document = {{"version", 1},
                                 {"database", deployment.session.description()},
                                 {"drift", drift.any()},
                                 {"differences", differences},
                                 {"gaps", drift.gaps}};
  return document.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

std::string as_text(const execute::Drift& drift, const Deployment& deployment) {
  std::string out;
  const auto section = [&](Certainty certainty, std::string_view title) {
    bool first = true;
    for (const schema::Difference& difference : drift.differences) {
      if (difference.certainty != certainty) continue;
      if (first) out += fmt::format("{}\n", title);
      first = false;
      out += fmt::format("  {}\n", difference.message);
    }
  };
  section(Certainty::certain, "drift:");
  section(Certainty::unsure, "perhaps drift, which only a server could tell:");
  section(Certainty::information, "of no consequence:");
  if (!drift.gaps.empty()) {
    out += "not everything could be compared, so nothing is certain:\n";
    for (const std::string& gap : drift.gaps) out += fmt::format("  {}\n", gap);
  }
  if (out.empty()) out = fmt::format("{} is what its applied revisions make\n", deployment.session.description());
  return out;
}

Result<int> check(const CheckOptions& options) {
  TRY_ASSIGN(Deployment deployment, open_deployment(options.database));
  TRY_ASSIGN(const execute::Drift drift,
             execute::drift(deployment.session, deployment.journal, deployment.set, deployment.comparison, deployment.state));
  TRY_VOID(write_output(options.json ? as_json(drift, deployment) : as_text(drift, deployment), ""));
  return static_cast<int>(drift.any() || (options.strict && drift.any_unsure()) ? exit_findings : exit_clean);
}

}  // namespace

int check_command(const CheckOptions& options) { return finish(check(options)); }

}  // namespace cupel::cli

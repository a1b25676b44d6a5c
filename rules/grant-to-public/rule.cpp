#include "base/ascii.h"
#include "lint/pass.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include <fmt/format.h>

namespace {

using namespace cupel;
using sql::ObjectKind;

constexpr std::string_view sources[] = {"manual: GRANT; 5.8 Privileges", "migrationpilot/MP085", "safe-migrate/overbroad-grant"};

bool has(const std::vector<std::string>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// The privileges, before ON, and whether PUBLIC is among those after TO.
struct Words {
  std::vector<std::string> privileges;
  bool to_public = false;
};

Words words_of(std::string_view text) {
  Words words;
  bool before_on = true, after_to = false;
  for (const sql::Token& token : sql::tokens(text)) {
    if (token.kind != sql::TokenKind::word) continue;
    const std::string word = upper_case(token.span.of(text));
    if (word == "ON") before_on = false;
    else if (before_on) words.privileges.push_back(word);
    else if (word == "TO") after_to = true;
    else if (after_to && word == "PUBLIC") words.to_public = true;
  }
  return words;
}

void check(lint::Pass& pass) {
  const auto& grant = *pass.as<sql::Grant>();
  if (!grant.is_grant || pass.downgrade() || (pass.effects().failure && pass.effects().failure->certain)) return;
  const bool relation = grant.kind == ObjectKind::table || grant.kind == ObjectKind::sequence;
  if (!relation && grant.kind != ObjectKind::schema && grant.kind != ObjectKind::database) return;
  const Words words = words_of(pass.text());
  if (!words.to_public) return;
  // USAGE, CONNECT and TEMPORARY are what PUBLIC has anyway, or need another privilege to be of use.
  constexpr std::array<std::string_view, 7> of_use = {"ALL", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "CREATE", "TRIGGER"};
  const bool changes = std::ranges::any_of(of_use, [&](std::string_view privilege) { return has(words.privileges, privilege); });
  if (!changes && !has(words.privileges, "SELECT")) return;
  const std::string object = grant.names.empty() ? "all objects of a schema" : pass.display(grant.names[0]);
  lint::Report report =
      pass.report(grant.kind == ObjectKind::schema
                      ? fmt::format("every role may make objects in schema {}, in front of those that others mean", object)
                      : fmt::format("every role of the server that can connect {} {}", changes ? "may change" : "may read", object));
  report.why("PUBLIC is all roles, also those that are made later and belong to other applications.")
      .no_effects()
      .advice("grant to the roles that need it, or to a group role that they are members of");
  if (!changes) report.severity(lint::Severity::info);
}

}  // namespace

CUPEL_RULE(grant_to_public) = {
    .title = "Privilege granted to every role",
    .severity = cupel::lint::Severity::warning,
    .group = cupel::lint::Group::security,
    .sources = sources,
    .on = cupel::lint::StatementKinds::of<cupel::sql::Grant>(),
    .check = check,
};

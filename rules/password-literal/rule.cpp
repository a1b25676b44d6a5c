#include "lint/pass.h"

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

namespace {

using namespace cupel;

constexpr std::string_view sources[] = {"manual: CREATE ROLE, PASSWORD; 20.5 Password Authentication", "cwe-798"};

bool is_password(std::string_view word) {
  constexpr std::string_view password = "password";
  return word.size() == password.size() &&
         std::equal(word.begin(), word.end(), password.begin(), [](char a, char b) { return (a | 0x20) == b; });
}

// Nothing that opens a door: empty, a SCRAM verifier, or a place for a value that comes from elsewhere.
bool is_harmless(std::string_view literal) {
  if (literal.size() <= 2 || literal.find("SCRAM-SHA-256$") != std::string_view::npos) return true;
  constexpr std::string_view markers[] = {"${", "{{", "$(", "%(", "%s", "<"};
  return std::ranges::any_of(markers, [&](std::string_view marker) { return literal.find(marker) != std::string_view::npos; });
}

void check(lint::Pass& pass) {
  const std::string_view tag = pass.as<sql::OtherStatement>()->tag;
  const bool role = tag == "CREATE ROLE" || tag == "ALTER ROLE";
  if (!role && tag != "CREATE USER MAPPING" && tag != "ALTER USER MAPPING" && tag != "CREATE SERVER" && tag != "ALTER SERVER") return;
  const std::string_view text = pass.text();
  const std::vector<sql::Token> tokens = sql::tokens(text);
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    if (tokens[i].kind != sql::TokenKind::word || !is_password(tokens[i].span.of(text))) continue;
    if (tokens[i + 1].kind != sql::TokenKind::string || is_harmless(tokens[i + 1].span.of(text))) continue;
    // The place is the word, not the secret.
    const std::uint32_t begin = pass.statement().span.begin;
    lint::Report report = pass.report({begin + tokens[i].span.begin, begin + tokens[i].span.end},
                                      fmt::format("{} has a password in plain text, for everybody who can read the migration", tag));
    report
        .why(
            "It stays in the repository's history, in reports and in the server's log, and is the same on every database that the "
            "migration runs on.")
        .no_effects()
        .advice(role ? "make the role without a password and set it where secrets are kept (\\password of psql sends only a hash); change "
                       "this one, it is known"
                     : "set it where secrets are kept; change this one, it is known");
    return;
  }
}

}  // namespace

CUPEL_RULE(password_literal) = {
    .title = "Password in a migration",
    .severity = cupel::lint::Severity::warning,
    .group = cupel::lint::Group::security,
    .sources = sources,
    .on = cupel::lint::StatementKinds::of<cupel::sql::OtherStatement>(),
    .check = check,
};

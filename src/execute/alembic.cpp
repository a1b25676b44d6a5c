#include "execute/alembic.h"

namespace cupel::execute {

Result<std::optional<std::vector<std::string>>> read_alembic_version(PgSession& session) {
  TRY_ASSIGN(const Rows table, session.query("SELECT to_regclass('alembic_version') IS NOT NULL", "cannot look for alembic_version"));
  if (!table.truth(0, 0)) return std::optional<std::vector<std::string>>();
  TRY_ASSIGN(const Rows rows, session.query("SELECT version_num FROM alembic_version ORDER BY 1", "cannot read alembic_version"));
  std::vector<std::string> revisions;
  for (std::size_t row = 0; row < rows.size(); ++row) revisions.push_back(rows.text(row, 0));
  return std::optional(std::move(revisions));
}

}  // namespace cupel::execute

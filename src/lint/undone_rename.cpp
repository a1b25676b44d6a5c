#include "lint/undone_rename.h"

#include <algorithm>

namespace cupel::lint {

bool undoes_rename(const Pass& pass, const sql::Rename& rename) {
  if (!pass.downgrade() || pass.upgrade() == nullptr) return false;
  const auto statements = pass.upgrade()->statements();
  return std::any_of(statements.begin(), statements.end(), [&rename](const sql::Statement& statement) {
    const auto* done = statement.as<sql::Rename>();
    if (done == nullptr || done->sub_name.empty() != rename.sub_name.empty()) return false;
    if (rename.sub_name.empty()) return done->name.name == rename.new_name && done->new_name == rename.name.name;
    return done->kind == rename.kind && done->name.name == rename.name.name && done->sub_name == rename.new_name &&
           done->new_name == rename.sub_name;
  });
}

}  // namespace cupel::lint

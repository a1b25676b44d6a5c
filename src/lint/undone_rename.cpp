#include "lint/undone_rename.h"

#include <algorithm>

namespace cupel::lint {

bool undoes_rename(const Pass& pass, const sql::Rename& rename) {
  const auto& upgrade = pass.migration().upgrade;
  if (!pass.downgrade() || !upgrade) return false;
  const sql::Script script = sql::Script::parse(*pass.set().sources[upgrade->source], {upgrade->chunks, upgrade->placeholders});
  return std::any_of(script.statements().begin(), script.statements().end(), [&rename](const sql::Statement& statement) {
    const auto* done = statement.as<sql::Rename>();
    if (done == nullptr || done->sub_name.empty() != rename.sub_name.empty()) return false;
    if (rename.sub_name.empty()) return done->name.name == rename.new_name && done->new_name == rename.name.name;
    return done->kind == rename.kind && done->name.name == rename.name.name && done->sub_name == rename.new_name &&
           done->new_name == rename.sub_name;
  });
}

}  // namespace cupel::lint

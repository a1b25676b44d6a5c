// Whether whoever wrote an UPDATE or DELETE chose how many rows it changes.
#pragma once

#include "lint/pass.h"

namespace cupel::lint {

// By a range with two ends, by rows named one by one, or by LIMIT in the statement at hand. What a key or an index picks is not
// asked here: see effects::WorkKind::data_change.
bool has_bounded_rows(const Pass& pass, const sql::QualifiedName& table, const sql::Expression& where);

}  // namespace cupel::lint

// Whether a downgrade's rename gives back the name that its upgrade took.
#pragma once

#include "lint/pass.h"

namespace cupel::lint {

bool undoes_rename(const Pass& pass, const sql::Rename& rename);

}  // namespace cupel::lint

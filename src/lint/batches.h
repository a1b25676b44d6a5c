// The same UPDATE or DELETE on a bounded number of rows at a time, as SQL for the report.
#pragma once

#include "lint/pass.h"

#include <string>

namespace cupel::lint {

// The statement at hand, in the user's words, over one range of the table's integer key; without such a key by the key or
// ctid of rows that still need it. Empty where repeating it would change rows twice and no key tells how far it came.
std::string in_batches(const Pass& pass, const sql::Update& update);
std::string in_batches(const Pass& pass, const sql::Delete& deletion);
// Deletes all rows of `table`, so many at a time.
std::string emptied_in_batches(const Pass& pass, const sql::QualifiedName& table);

}  // namespace cupel::lint

// A helper of several revisions.
#pragma once

#include <string>

#include <cupel/op.hpp>

inline void in_header(cupel::operations& op, const std::string& table) {
  op.drop_table(table);
  op.execute("DROP TABLE also_" + table);
}

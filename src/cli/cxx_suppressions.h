// Suppressions in C++ sources, so that they hold for the SQL that comes of them:
//
//     // cupel:ignore drop-column: nobody reads it since 3.2
//     op.drop_column("users", "fax");
#pragma once

#include <map>
#include <string>
#include <vector>

namespace cupel::cli {

class CxxSuppressions {
 public:
  // What is written behind "cupel:" for the call in `line` of `file`: in comments above it, or behind it on its line. Line 0: for the
  // whole file. Nothing where the file cannot be read.
  std::vector<std::string> at(const std::string& file, unsigned line);

 private:
  const std::vector<std::string>& lines(const std::string& file);
  std::map<std::string, std::vector<std::string>> files_;
};

}  // namespace cupel::cli

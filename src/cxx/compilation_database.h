// How a project compiles its sources: compile_commands.json, which CMake, Meson and Bear write.
#pragma once

#include "base/result.h"

#include <string>
#include <vector>

namespace cupel::cxx {

// The flags that `file` is compiled with, for Clang's driver, paths absolute. A file that has no command, as headers have none, gets
// those of the source whose name is most like its own. Empty: there is no database, or nothing in it.
//
// `database`: the file or its folder; empty: searched for in the folders above `file` and their build/, up to the repository's root.
// Each is read once in a process.
//
// Only flags that say where headers are, what is defined and which language it is are taken: the database may come with a change that
// nobody has looked at yet, and others load plugins and write files. Errors: the database cannot be read.
Result<std::vector<std::string>> compile_flags(const std::string& file, const std::string& database);

}  // namespace cupel::cxx

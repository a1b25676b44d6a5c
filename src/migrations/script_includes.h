// Scripts for psql that are made of others: \i and \ir, followed inside one folder.
#pragma once

#include "base/span.h"
#include "migrations/layout.h"

#include <optional>
#include <string>
#include <vector>

namespace cupel::migrations {

// One stretch of a script, or the line between two that includes another file.
struct ScriptSection {
  Span span;
  bool in_block = false;            // a BEGIN of the script before it is committed behind it, with included files between
  std::optional<std::string> file;  // what the line includes, below the folder
  std::string missing;              // psql would stop at this line: the file it names, which is not in the folder
};

// The script's sections in order, without those that send nothing. Empty when it includes no file that could be followed or
// is missing: then it is read as a whole.
// What the folder does not list is not followed, nor what psql's variables name. psql looks for the file of \i where it was
// started, which no folder tells: each folder from the script's up to `folder` is tried, and paths that begin as `folder`'s
// own ends.
std::vector<ScriptSection> sections_of(const Folder& folder, const std::string& script, const SourceText& source);

}  // namespace cupel::migrations

// Where a project's own files are, by the place of one of them.
#pragma once

#include <string>
#include <vector>

namespace cupel::cxx {

// The folders above `file`, nearest first, up to the repository's root (the one with .git); none if there is no repository.
std::vector<std::string> folders_above(const std::string& file);

// Where headers of the project usually are: these folders, their include/ and src/.
std::vector<std::string> header_folders(const std::string& file);

}  // namespace cupel::cxx

#include "cxx/project_folders.h"

#include <llvm/ADT/SmallString.h>
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/Path.h>

namespace cupel::cxx {

std::vector<std::string> folders_above(const std::string& file) {
  constexpr int highest = 8;
  std::vector<std::string> folders;
  llvm::SmallString<256> folder(file);
  llvm::sys::fs::make_absolute(folder);
  for (int level = 0; level < highest; ++level) {
    llvm::sys::path::remove_filename(folder);
    if (folder.empty() || llvm::sys::path::root_path(folder) == folder) return {};
    folders.push_back(folder.str().str());
    llvm::SmallString<256> root(folder);
    llvm::sys::path::append(root, ".git");
    if (llvm::sys::fs::exists(root)) return folders;
  }
  return {};
}

std::vector<std::string> header_folders(const std::string& file) {
  std::vector<std::string> folders;
  for (std::string& folder : folders_above(file)) {
    const llvm::SmallString<256> above(folder);
    folders.push_back(std::move(folder));
    for (const char* below : {"include", "src"}) {
      llvm::SmallString<256> one(above);
      llvm::sys::path::append(one, below);
      if (llvm::sys::fs::is_directory(one)) folders.push_back(one.str().str());
    }
  }
  return folders;
}

}  // namespace cupel::cxx

#include "migrations/file_store.h"

#include "migrations/file_name.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <limits>
#include <memory>
#include <set>
#include <system_error>
#include <utility>

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace cupel::migrations {
namespace {

std::string reason_of(int error) { return std::generic_category().message(error); }

Error unreadable(const std::string& path, const std::string& reason) {
  return {ErrorCode::unreadable, fmt::format("cannot read {}: {}", path, reason)};
}

class OpenFile {
 public:
  explicit OpenFile(const std::string& path) : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  ~OpenFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  [[nodiscard]] int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

class OpenFolder {
 public:
  explicit OpenFolder(const std::string& path) : stream_(::opendir(path.c_str())) {}
  ~OpenFolder() {
    if (stream_ != nullptr) ::closedir(stream_);
  }
  OpenFolder(const OpenFolder&) = delete;
  OpenFolder& operator=(const OpenFolder&) = delete;
  [[nodiscard]] DIR* stream() const { return stream_; }

 private:
  DIR* stream_;
};

// The path with every link followed; empty if it leads nowhere.
std::string real_path(const std::string& path) {
  const std::unique_ptr<char, decltype(&std::free)> resolved(::realpath(path.c_str(), nullptr), &std::free);
  return resolved == nullptr ? std::string() : std::string(resolved.get());
}

// What a folder belongs to: the repository around it, or it alone.
std::string project_of(const std::string& folder) {
  std::string real = real_path(folder);
  for (std::string above = real; !above.empty(); above.resize(above.rfind('/'))) {
    if (::access((above + "/.git").c_str(), F_OK) == 0) return above;
  }
  return real;
}

struct Walk {
  const std::string& root;
  Depth depth;
  FolderListing listing;
  std::set<std::pair<dev_t, ino_t>> entered;  // ends loops of links
  std::optional<std::string> project;

  // What a migration says is quoted in reports, which others read: a link in a change that somebody proposes must not
  // bring in /etc or a password file. A link that leads nowhere is inside: reading it tells so.
  bool leads_outside(const std::string& path) {
    if (!project) project = project_of(root);
    const std::string target = real_path(path);
    return !target.empty() && target != *project && !target.starts_with(*project + "/");
  }

  // `prefix`: "" or "a/b/". False, with errno, when the folder cannot be opened.
  bool enter(const std::string& prefix) {
    const OpenFolder folder(prefix.empty() ? root : root + "/" + prefix);
    struct stat status {};
    if (folder.stream() == nullptr || ::fstat(::dirfd(folder.stream()), &status) != 0) return false;
    if (!entered.emplace(status.st_dev, status.st_ino).second) return true;
    std::vector<std::string> folders;
    while (const dirent* entry = ::readdir(folder.stream())) {
      const std::string_view name(entry->d_name);
      if (name.front() == '.' || name == "node_modules") continue;
      unsigned char type = entry->d_type;
      if (type == DT_LNK || type == DT_UNKNOWN) {
        // A link to nothing, or to what may not be seen, is listed: who reads it learns why that fails.
        const bool seen = ::fstatat(::dirfd(folder.stream()), entry->d_name, &status, 0) == 0;
        type = !seen || S_ISREG(status.st_mode) ? DT_REG : S_ISDIR(status.st_mode) ? DT_DIR : DT_UNKNOWN;
        const std::string path = join_path(root, prefix + entry->d_name);
        if (type != DT_UNKNOWN && leads_outside(path)) {
          // Links beside the migrations that are none are nobody's business.
          if (type == DT_DIR || is_sql_file(entry->d_name))
            listing.unreadable.push_back({path, "it is a link to a place outside the project"});
          continue;
        }
      }
      if (type == DT_REG) listing.files.push_back(prefix + entry->d_name);
      if (type == DT_DIR && depth == Depth::everything_below) folders.push_back(prefix + entry->d_name + "/");
    }
    std::sort(folders.begin(),
              folders.end());  // which of two links to one folder is entered must not depend on the disk
    for (const std::string& below : folders) {
      if (!enter(below)) listing.unreadable.push_back({root + "/" + below, reason_of(errno)});
    }
    return true;
  }
};

}  // namespace

PathKind path_kind(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) { return errno == ENOENT || errno == ENOTDIR ? PathKind::missing : PathKind::file; }
  return S_ISDIR(status.st_mode) ? PathKind::folder : PathKind::file;
}

std::string join_path(const std::string& folder, std::string_view file) {
  if (folder.empty() || folder == ".") return std::string(file);
  std::string path = folder;
  if (path.back() != '/') path += '/';
  return path.append(file);
}

Result<FolderListing> list_folder(const std::string& path, Depth depth) {
  const std::string root = path.empty() ? "." : path;
  Walk walk{.root = root, .depth = depth, .listing = {}, .entered = {}, .project = {}};
  if (!walk.enter("")) return unreadable(path, reason_of(errno));
  std::sort(walk.listing.files.begin(), walk.listing.files.end());
  std::ranges::sort(walk.listing.unreadable, {}, &FolderListing::Unreadable::path);
  return std::move(walk.listing);
}

Result<std::shared_ptr<const SourceText>> FileStore::read(const std::string& path) {
  if (const auto known = texts_.find(path); known != texts_.end()) return known->second;
  if (below_ != nullptr) return below_->read(path);

  const OpenFile file(path);
  struct stat status {};
  if (file.descriptor() < 0 || ::fstat(file.descriptor(), &status) != 0) return unreadable(path, reason_of(errno));
  if (S_ISDIR(status.st_mode)) return unreadable(path, reason_of(EISDIR));
  constexpr std::size_t limit = std::numeric_limits<std::uint32_t>::max();  // offsets in a text have 32 bits

  // One byte more than expected, so that the first read also sees the end; a pipe has no size and grows below.
  std::string bytes(static_cast<std::size_t>(status.st_size) < limit ? static_cast<std::size_t>(status.st_size) + 1 : 1, '\0');
  std::size_t size = 0;
  while (true) {
    if (size == bytes.size()) bytes.resize(size * 2 + 4096);
    const ssize_t count = ::read(file.descriptor(), bytes.data() + size, bytes.size() - size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return unreadable(path, reason_of(errno));
    if (count == 0) break;
    size += static_cast<std::size_t>(count);
    if (size >= limit) return unreadable(path, "it is larger than 4 GiB");
    // A file has ended where it gives less than was asked for; a pipe may give more later.
    if (size < bytes.size() && S_ISREG(status.st_mode) && size == static_cast<std::size_t>(status.st_size)) break;
  }
  bytes.resize(size);
  auto text = std::make_shared<const SourceText>(path, std::move(bytes));
  texts_.emplace(path, text);
  return std::shared_ptr<const SourceText>(std::move(text));
}

Result<std::shared_ptr<const SourceText>> FolderView::read(const std::string& file) const { return store_->read(join_path(path_, file)); }

std::optional<int> FolderView::levels_up(std::string_view name) const {
  if (surroundings_ == Surroundings::hidden) return std::nullopt;
  constexpr int highest = 8;
  std::string folder = path_.empty() ? "." : path_;
  for (int level = 0; level <= highest; ++level) {
    if (::access((folder + "/" + std::string(name)).c_str(), F_OK) == 0) return level;
    if (::access((folder + "/.git").c_str(), F_OK) == 0) return std::nullopt;
    folder += "/..";
  }
  return std::nullopt;
}

}  // namespace cupel::migrations

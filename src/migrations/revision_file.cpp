// Names of files and revisions, and the one place that writes a migration.
#include "base/ascii.h"
#include "migrations/file_name.h"
#include "migrations/file_store.h"
#include "migrations/new_revision.h"
#include "migrations/revision_target.h"
#include "migrations/text_lines.h"

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace cupel::migrations {
namespace {

constexpr std::size_t longest_name = 200;
constexpr std::size_t longest_slug = 40;

Error usage(std::string message) { return {ErrorCode::usage, std::move(message)}; }

Error cannot_write(const std::string& path, int error) {
  return {ErrorCode::unreadable, fmt::format("cannot write {}: {}", path, std::generic_category().message(error))};
}

// U+00C0 … U+00FF without their accents; - is none.
constexpr std::string_view latin = "aaaaaaaceeeeiiiidnooooo-ouuuuytsaaaaaaaceeeeiiiidnooooo-ouuuuyty";

bool is_slug_character(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

// Everything, or false with errno.
bool write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(descriptor, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

// A new file at `path`; 0, or errno. What could not be written wholly is removed again.
int write_exclusively(const std::string& path, std::string_view bytes) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (descriptor < 0) return errno;
  int error = write_all(descriptor, bytes) && ::fsync(descriptor) == 0 ? 0 : errno;
  if (::close(descriptor) != 0 && error == 0) error = errno;
  if (error != 0) ::unlink(path.c_str());
  return error;
}

}  // namespace

Status check_name(std::string_view word, std::string_view what) {
  const auto refuse = [&](std::string_view why) { return usage(fmt::format("{} \"{}\" {}", what, word, why)); };
  if (word.empty()) return usage(fmt::format("{} is empty", what));
  if (word.size() > longest_name) return usage(fmt::format("{} is longer than {} bytes", what, longest_name));
  if (is_symbolic_name(word)) return refuse("already means something: head, heads, base and current are no names");
  if (equals_ignoring_case(word, "none")) return refuse("already means that there is no parent");
  if (word.front() == '-' || word.front() == '+') return refuse("begins with a sign, as steps do");
  if (cut_steps(word)) return refuse("ends in a sign and digits, as steps do");
  if (word == "." || word.find("..") != std::string_view::npos) return refuse("holds .. and could leave the folder");
  for (const char c : word) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= ' ' || byte == 0x7F) return refuse("holds white space or a control character");
    if (c == ',') return refuse("holds a comma, which is between the names of a list");
    if (c == ':') return refuse("holds a colon, which is between the ends of a range");
    if (c == '@') return refuse("holds an @, which is between a label and a revision");
    if (c == '/' || c == '\\') return refuse("holds a slash, which is between folders");
  }
  return success();
}

std::string slug(std::string_view message) {
  std::string words;
  const auto add = [&words](char c) {
    if (is_slug_character(c)) {
      words += c;
    } else if (!words.empty() && words.back() != '_') {
      words += '_';
    }
  };
  const std::string lower = lower_case(message);
  for (std::size_t i = 0; i < lower.size(); ++i) {
    const auto byte = static_cast<unsigned char>(lower[i]);
    const bool is_latin = byte == 0xC3 && i + 1 < lower.size() && (static_cast<unsigned char>(lower[i + 1]) & 0xC0U) == 0x80;
    add(is_latin ? latin[static_cast<unsigned char>(lower[++i]) & 0x3FU] : lower[i]);
  }
  if (words.size() > longest_slug) {
    // A word that ends right there is whole; one that is longer than everything allowed is cut.
    std::size_t end = words.rfind('_', longest_slug);
    if (end == std::string::npos || end == 0) end = longest_slug;
    words.resize(end);
  }
  while (!words.empty() && words.back() == '_') words.pop_back();
  return words.empty() ? "revision" : words;
}

FolderLock::FolderLock(const std::string& folder) : descriptor_(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
  if (descriptor_ < 0) return;
  while (::flock(descriptor_, LOCK_EX) != 0 && errno == EINTR) {}
}

FolderLock::~FolderLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<std::string> write_new_file(const std::string& folder, const std::string& name, std::string_view text) {
  const std::string path = join_path(folder, name);
  const auto exists = [&path] { return usage(fmt::format("{} exists, and is not overwritten", path)); };
  struct stat status {};
  if (::lstat(path.c_str(), &status) == 0) return exists();
  // Under a hidden name first, which no cupel reads; a link to it appears wholly, and never over something else.
  const std::string hidden = fmt::format("{}.{}.{}", path.substr(0, path.size() - name.size()), name, ::getpid());
  if (const int error = write_exclusively(hidden, text); error != 0) return cannot_write(path, error);
  int error = ::link(hidden.c_str(), path.c_str()) == 0 ? 0 : errno;
  ::unlink(hidden.c_str());
  if (error == EPERM || error == ENOTSUP || error == ENOSYS) error = write_exclusively(path, text);  // no links here
  if (error == EEXIST) return exists();
  if (error != 0) return cannot_write(path, error);
  return path;
}

}  // namespace cupel::migrations

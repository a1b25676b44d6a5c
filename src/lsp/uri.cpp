#include "lsp/uri.h"

#include "base/ascii.h"

#include <filesystem>

#include <fmt/format.h>

namespace cupel::lsp {
namespace {

int hexadecimal(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  const char lower = to_lower(digit);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// What may stand in a path as itself: RFC 3986, "unreserved" and "sub-delims" less those that some clients escape.
bool stands_for_itself(char byte) {
  return (byte >= '0' && byte <= '9') || (to_lower(byte) >= 'a' && to_lower(byte) <= 'z') ||
         std::string_view("-._~/").find(byte) != std::string_view::npos;
}

}  // namespace

std::optional<std::string> path_of(std::string_view uri) {
  constexpr std::string_view scheme = "file:";
  if (lower_case(uri.substr(0, scheme.size())) != scheme) return std::nullopt;
  uri.remove_prefix(scheme.size());
  if (uri.starts_with("//")) {
    uri.remove_prefix(2);
    const std::string_view host = uri.substr(0, uri.find('/'));
    if (!host.empty() && host != "localhost") return std::nullopt;
    uri.remove_prefix(host.size());
  }
  uri = uri.substr(0, uri.find_first_of("?#"));
  if (!uri.starts_with('/')) return std::nullopt;
  std::string path;
  for (std::size_t at = 0; at < uri.size(); ++at) {
    const int high = uri[at] == '%' && at + 2 < uri.size() ? hexadecimal(uri[at + 1]) : -1;
    const int low = high >= 0 ? hexadecimal(uri[at + 2]) : -1;
    path += low >= 0 ? static_cast<char>(high * 16 + low) : uri[at];
    if (low >= 0) at += 2;
  }
  if (path.find('\0') != std::string::npos) return std::nullopt;
  path = std::filesystem::path(path).lexically_normal().string();
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  return path;
}

std::string uri_of(std::string_view path) {
  std::string uri = "file://";
  for (const char byte : path) {
    if (stands_for_itself(byte)) uri += byte;
    else uri += fmt::format("%{:02X}", static_cast<unsigned char>(byte));
  }
  return uri;
}

}  // namespace cupel::lsp

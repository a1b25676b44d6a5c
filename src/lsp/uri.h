// file: URIs (RFC 8089) and the paths they stand for.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cupel::lsp {

// The normal form of the absolute path; nothing for what is no file of this machine ("untitled:", "git:").
std::optional<std::string> path_of(std::string_view uri);
std::string uri_of(std::string_view path);

}  // namespace cupel::lsp

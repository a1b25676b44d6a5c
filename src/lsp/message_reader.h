// The base protocol of LSP 3.17: messages cut out of a stream of bytes by their Content-Length, and put into one.
#pragma once

#include "base/result.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace cupel::lsp {

// Bytes go in as they come, message bodies come out. What is no message is told once and skipped: the next header that makes
// sense begins the next message.
class MessageReader {
 public:
  // Nobody edits a migration of this size; a header that claims more is a mistake, not a reason to wait.
  static constexpr std::size_t largest_message = 256 << 20;
  static constexpr std::size_t largest_header = 16 << 10;

  void feed(std::string_view bytes);
  // The next body that is there as a whole, or what was wrong with the bytes before it; nothing: more has to come.
  std::optional<Result<std::string>> next();
  // Bytes that are part of no whole message yet.
  [[nodiscard]] bool is_between_messages() const { return !body_ && position_ == buffer_.size(); }

 private:
  std::optional<Result<std::string>> take_body();
  Error skip_garbage(std::string message);

  std::string buffer_;
  std::size_t position_ = 0;         // what comes before was taken
  std::size_t searched_ = 0;         // no end of the header lies before
  std::optional<std::size_t> body_;  // the header was read: so many bytes follow
  bool skipping_ = false;            // to the next header, after something that was none
};

// A body with its header.
std::string framed(std::string_view body);

}  // namespace cupel::lsp

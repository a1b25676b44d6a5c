#include "lsp/message_reader.h"

#include "base/ascii.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include <fmt/format.h>

namespace cupel::lsp {
namespace {

constexpr std::string_view length_field = "content-length:";

// Field names of HTTP, which the header is made like, know no case.
bool begins_with_field(std::string_view text, std::string_view field) {
  return text.size() >= field.size() &&
         std::equal(field.begin(), field.end(), text.begin(), [](char a, char b) { return a == to_lower(b); });
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

struct Header {
  std::optional<std::size_t> length;
  std::string problem;
};

// Fields that nobody knows are skipped: Content-Type says nothing that is not said already (LSP 3.17, "Header Part").
Header read_header(std::string_view text) {
  Header header;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty()) continue;
    if (!begins_with_field(line, length_field)) {
      if (line.find(':') == std::string_view::npos) header.problem = "a line of the header is no \"Name: value\"";
      continue;
    }
    const std::string_view digits = trimmed(line.substr(length_field.size()));
    std::size_t length = 0;
    const auto [rest, error] = std::from_chars(digits.data(), digits.data() + digits.size(), length);
    if (error != std::errc{} || rest != digits.data() + digits.size()) {
      header.problem = "Content-Length is no number of bytes";
    } else if (length > MessageReader::largest_message) {
      header.problem = fmt::format("a message of {} bytes is announced; at most {} are read", length, MessageReader::largest_message);
    } else {
      header.length = length;
    }
  }
  if (header.problem.empty() && !header.length) header.problem = "the header has no Content-Length";
  return header;
}

// Where the blank line behind the header ends, as \r\n\r\n or, from sloppy clients, \n\n; npos if it is not there yet.
struct End {
  std::size_t header = std::string::npos, body = std::string::npos;
};
End end_of_header(std::string_view text, std::size_t from) {
  for (std::size_t newline = text.find('\n', from); newline != std::string_view::npos; newline = text.find('\n', newline + 1)) {
    const std::size_t next = newline + 1;
    if (next < text.size() && text[next] == '\n') return {newline, next + 1};
    if (next + 1 < text.size() && text[next] == '\r' && text[next + 1] == '\n') return {newline, next + 2};
  }
  return {};
}

}  // namespace

void MessageReader::feed(std::string_view bytes) {
  if (position_ > 0) {
    buffer_.erase(0, position_);
    searched_ -= std::min(searched_, position_);
    position_ = 0;
  }
  buffer_ += bytes;
}

std::optional<Result<std::string>> MessageReader::take_body() {
  if (buffer_.size() - position_ < *body_) return std::nullopt;
  std::string body = buffer_.substr(position_, *body_);
  position_ += *std::exchange(body_, std::nullopt);
  searched_ = position_;
  return Result<std::string>(std::move(body));
}

// Up to what looks like the next header, or what may be the begin of one at the end.
Error MessageReader::skip_garbage(std::string message) {
  skipping_ = true;
  return {ErrorCode::unreadable, std::move(message)};
}

std::optional<Result<std::string>> MessageReader::next() {
  if (body_) return take_body();
  if (skipping_) {
    while (position_ < buffer_.size() && !begins_with_field(std::string_view(buffer_).substr(position_), length_field)) {
      const std::string_view rest = std::string_view(buffer_).substr(position_);
      if (rest.size() < length_field.size() && length_field.starts_with(lower_case(rest))) return std::nullopt;
      ++position_;
    }
    searched_ = position_;
    if (position_ == buffer_.size()) return std::nullopt;
    skipping_ = false;
  }
  const End end = end_of_header(buffer_, std::max(position_, searched_));
  if (end.header == std::string::npos || end.header - position_ > largest_header) {
    if (buffer_.size() - position_ <= largest_header) {
      // The blank line may be cut in two.
      searched_ = std::max(position_, buffer_.size() - std::min<std::size_t>(buffer_.size(), 3));
      return std::nullopt;
    }
    ++position_;
    return skip_garbage(fmt::format("there is no end of the header within {} bytes", largest_header));
  }
  const Header header = read_header(std::string_view(buffer_).substr(position_, end.header - position_));
  position_ = end.body;
  searched_ = position_;
  if (!header.problem.empty()) return skip_garbage(header.problem);
  body_ = header.length;
  return take_body();
}

std::string framed(std::string_view body) { return fmt::format("Content-Length: {}\r\n\r\n{}", body.size(), body); }

}  // namespace cupel::lsp

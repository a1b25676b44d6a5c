#include "cxx/literal.h"

namespace cupel::cxx {
namespace {

void append_utf8(std::uint32_t code, std::string& to) {
  if (code < 0x80) {
    to += static_cast<char>(code);
  } else if (code < 0x800) {
    to += static_cast<char>(0xC0U | (code >> 6U));
    to += static_cast<char>(0x80U | (code & 0x3FU));
  } else if (code < 0x10000) {
    to += static_cast<char>(0xE0U | (code >> 12U));
    to += static_cast<char>(0x80U | ((code >> 6U) & 0x3FU));
    to += static_cast<char>(0x80U | (code & 0x3FU));
  } else {
    to += static_cast<char>(0xF0U | (code >> 18U));
    to += static_cast<char>(0x80U | ((code >> 12U) & 0x3FU));
    to += static_cast<char>(0x80U | ((code >> 6U) & 0x3FU));
    to += static_cast<char>(0x80U | (code & 0x3FU));
  }
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

class TokenDecoder {
 public:
  TokenDecoder(std::string_view token, std::uint32_t source, Decoded& to) : token_(token), source_(source), to_(to) {}

  bool run() {
    bool raw = false;
    while (at_ < token_.size() && token_[at_] != '"') {
      const char c = token_[at_];
      if (c != 'L' && c != 'u' && c != 'U' && c != '8' && c != 'R') return false;
      raw = raw || c == 'R';
      ++at_;
    }
    if (at_ >= token_.size()) return false;
    ++at_;
    return raw ? run_raw() : run_ordinary();
  }

 private:
  void add(std::string_view bytes, std::size_t begin, std::size_t end) {
    const Run run{static_cast<std::uint32_t>(to_.text.size()), static_cast<std::uint32_t>(bytes.size()),
                  source_ + static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end - begin)};
    to_.text += bytes;
    if (!to_.runs.empty()) {
      Run& last = to_.runs.back();
      if (last.size == last.source_size && run.size == run.source_size && last.source + last.source_size == run.source) {
        last.size += run.size;
        last.source_size += run.source_size;
        return;
      }
    }
    to_.runs.push_back(run);
  }

  bool run_raw() {
    const std::size_t open = token_.find('(', at_);
    if (open == std::string_view::npos) return false;
    const std::string end = ")" + std::string(token_.substr(at_, open - at_)) + "\"";
    const std::size_t close = token_.rfind(end);
    if (close == std::string_view::npos || close <= open) return false;
    for (at_ = open + 1; at_ < close;) {
      std::size_t next = token_.find('\r', at_);
      if (next == std::string_view::npos || next > close) next = close;
      if (next > at_) add(token_.substr(at_, next - at_), at_, next);
      at_ = next;
      if (at_ >= close) break;
      // The value has LF, whatever the file's lines end with.
      const std::size_t size = at_ + 1 < close && token_[at_ + 1] == '\n' ? 2 : 1;
      add("\n", at_, at_ + size);
      at_ += size;
    }
    return true;
  }

  // A backslash before the line's end goes on with the next line, white space before the end included.
  [[nodiscard]] std::size_t splice_size() const {
    std::size_t end = at_ + 1;
    while (end < token_.size() && (token_[end] == ' ' || token_[end] == '\t')) ++end;
    if (end < token_.size() && token_[end] == '\r') ++end;
    return end < token_.size() && token_[end] == '\n' ? end + 1 - at_ : 0;
  }

  bool run_ordinary() {
    while (at_ < token_.size()) {
      const std::size_t special = token_.find_first_of("\"\\", at_);
      if (special == std::string_view::npos) return false;
      if (special > at_) add(token_.substr(at_, special - at_), at_, special);
      at_ = special;
      if (token_[at_] == '"') return true;
      if (const std::size_t splice = splice_size(); splice != 0) {
        at_ += splice;
        continue;
      }
      if (!escape()) return false;
    }
    return false;
  }

  std::uint32_t digits(int base, std::size_t most) {
    std::uint32_t value = 0;
    for (std::size_t count = 0; count < most && at_ < token_.size(); ++count) {
      const int digit = hex_value(token_[at_]);
      if (digit < 0 || digit >= base) break;
      value = value * static_cast<std::uint32_t>(base) + static_cast<std::uint32_t>(digit);
      ++at_;
    }
    return value;
  }

  bool escape() {
    const std::size_t begin = at_++;
    if (at_ >= token_.size()) return false;
    const char c = token_[at_];
    std::string bytes;
    if (c >= '0' && c <= '7') {
      bytes += static_cast<char>(digits(8, 3));
    } else {
      ++at_;
      switch (c) {
        case 'n': bytes = "\n"; break;
        case 't': bytes = "\t"; break;
        case 'r': bytes = "\r"; break;
        case 'a': bytes = "\a"; break;
        case 'b': bytes = "\b"; break;
        case 'f': bytes = "\f"; break;
        case 'v': bytes = "\v"; break;
        case 'e': bytes = "\x1b"; break;
        case 'x': {
          const std::uint32_t value = digits(16, 8);
          if (value > 0x10FFFF) return false;
          if (value < 0x100) bytes += static_cast<char>(value);
          else append_utf8(value, bytes);
          break;
        }
        case 'u':
        case 'U': {
          const std::uint32_t value = digits(16, c == 'u' ? 4 : 8);
          if (value > 0x10FFFF) return false;
          append_utf8(value, bytes);
          break;
        }
        default: bytes = c; break;  // one that is no escape too: as compilers do, with a warning
      }
    }
    add(bytes, begin, at_);
    return true;
  }

  std::string_view token_;
  std::uint32_t source_;
  Decoded& to_;
  std::size_t at_ = 0;
};

}  // namespace

bool decode_string_token(std::string_view token, std::uint32_t source, Decoded& to) { return TokenDecoder(token, source, to).run(); }

}  // namespace cupel::cxx

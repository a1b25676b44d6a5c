#include "report/json_writer.h"

#include "report/character.h"

#include <cmath>
#include <iterator>

#include <fmt/format.h>

namespace cupel::report {

void JsonWriter::separate() {
  if (need_comma_) out_ += pending_indent_ >= 0 ? "," : ", ";
  need_comma_ = false;
  if (pending_indent_ >= 0) {
    out_ += '\n';
    out_.append(static_cast<std::size_t>(pending_indent_), ' ');
    pending_indent_ = -1;
  }
}

void JsonWriter::open(char bracket) {
  separate();
  out_ += bracket;
}

void JsonWriter::close(char bracket) {
  need_comma_ = false;
  separate();
  out_ += bracket;
  need_comma_ = true;
}

void JsonWriter::key(std::string_view name) {
  separate();
  out_ += '"';
  out_ += name;
  out_ += "\": ";
}

void JsonWriter::string(std::string_view bytes) {
  separate();
  out_ += '"';
  std::size_t clean = 0;  // everything before it is written
  const auto replace = [&](std::size_t at, std::string_view replacement) {
    out_ += bytes.substr(clean, at - clean);
    out_ += replacement;
    clean = at + 1;
  };
  for (std::size_t at = 0; at < bytes.size();) {
    const auto byte = static_cast<unsigned char>(bytes[at]);
    if (byte >= 0x80) {
      const Character character = decode(bytes, at);
      if (!character.valid) replace(at, "\xEF\xBF\xBD");
      at += character.size;
      continue;
    }
    switch (byte) {
      case '"': replace(at, "\\\""); break;
      case '\\': replace(at, "\\\\"); break;
      case '\n': replace(at, "\\n"); break;
      case '\r': replace(at, "\\r"); break;
      case '\t': replace(at, "\\t"); break;
      default:
        if (byte < 0x20 || byte == 0x7F) replace(at, fmt::format("\\u{:04x}", static_cast<unsigned>(byte)));
    }
    ++at;
  }
  out_ += bytes.substr(clean);
  out_ += '"';
  need_comma_ = true;
}

void JsonWriter::number(std::uint64_t value) {
  separate();
  fmt::format_to(std::back_inserter(out_), "{}", value);
  need_comma_ = true;
}

void JsonWriter::seconds(double value) {
  if (!std::isfinite(value) || value <= 0) return null();
  separate();
  fmt::format_to(std::back_inserter(out_), "{:.6f}", value);
  need_comma_ = true;
}

void JsonWriter::boolean(bool value) {
  separate();
  out_ += value ? "true" : "false";
  need_comma_ = true;
}

void JsonWriter::null() {
  separate();
  out_ += "null";
  need_comma_ = true;
}

}  // namespace cupel::report

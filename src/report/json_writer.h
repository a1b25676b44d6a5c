// Writes JSON straight into a string: no tree in between, and no bytes it refuses.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace cupel::report {

// The caller opens, names and closes in the right order; the writer sets commas and escapes.
class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}

  void open_object() { open('{'); }
  void close_object() { close('}'); }
  void open_array() { open('['); }
  void close_array() { close(']'); }

  // The next value's name; must be ASCII without quotes or backslashes.
  void key(std::string_view name);
  // Starts a new line, indented by `indent` spaces, before the next thing written.
  void new_line(std::size_t indent) { pending_indent_ = static_cast<std::ptrdiff_t>(indent); }

  // Bytes that are not UTF-8 become U+FFFD.
  void string(std::string_view bytes);
  void number(std::uint64_t value);
  void seconds(double value);  // with microseconds; null if it is not a positive number
  void boolean(bool value);
  void null();

  // key and value in one.
  void string(std::string_view name, std::string_view bytes) {
    key(name);
    string(bytes);
  }
  void number(std::string_view name, std::uint64_t value) {
    key(name);
    number(value);
  }

 private:
  void open(char bracket);
  void close(char bracket);
  void separate();

  std::string& out_;
  std::ptrdiff_t pending_indent_ = -1;
  bool need_comma_ = false;
};

}  // namespace cupel::report

// What the interpreter knows of a C++ value: all of it, parts, or nothing and why.
#pragma once

#include "cxx/analysis.h"
#include "cxx/literal.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace clang {
class FunctionDecl;
class LambdaExpr;
class ValueDecl;
}  // namespace clang

namespace cupel::cxx {

// A string literal of the source, all its adjacent tokens together.
struct Literal {
  Decoded decoded;
  Place place;
  bool mapped = true;    // decoded.runs hold; otherwise everything is at `place`
  bool reached = false;  // some call was given it
};

// A piece of a string: a slice of a literal, text made by the program, or a hole.
struct Segment {
  enum class Kind { literal, generated, hole };
  Kind kind = Kind::generated;
  std::string text;            // of a hole: the expression as written
  Literal* literal = nullptr;  // owned by the interpreter's run
  std::uint32_t offset = 0;    // in the literal's text
  Place place;
  std::string reason;  // of a hole

  friend bool operator==(const Segment& a, const Segment& b) {
    return a.kind == b.kind && a.text == b.text && a.literal == b.literal && a.offset == b.offset && a.place == b.place;
  }
};

struct Value;
using Cell = std::shared_ptr<Value>;

struct Value {
  enum class Kind {
    unknown,
    string,  // std::string, const char*, string_view, QString, a string stream: all of them text
    integer,
    real,
    boolean,
    null,
    list,     // arrays and containers
    record,   // a class with fields, or a builder
    pointer,  // to one cell
    lambda,
    function,
    member,  // a pointer to a member
  };
  Kind kind = Kind::unknown;
  std::string reason;         // unknown: why
  std::vector<Segment> text;  // string
  bool is_character = false;  // integer
  bool is_unsigned = false;   // integer, of 64 bits: `integer` has its bits
  long long integer = 0;      // integer, boolean
  double real = 0;
  std::vector<Cell> items;                         // list
  std::map<const clang::ValueDecl*, Cell> fields;  // record
  Cell target;                                     // pointer
  const clang::LambdaExpr* lambda = nullptr;
  std::shared_ptr<std::map<const clang::ValueDecl*, Cell>> captures;  // of a lambda: the cells of its surroundings
  Cell captured_this;
  const clang::FunctionDecl* function = nullptr;
  const clang::ValueDecl* member = nullptr;
  Place place;  // of what made it, where that matters

  [[nodiscard]] bool is(Kind wanted) const { return kind == wanted; }
  [[nodiscard]] bool known() const { return kind != Kind::unknown; }

  static Value unknown(std::string why);
  static Value of_text(std::vector<Segment> segments);
  static Value of_integer(long long number);
  static Value of_boolean(bool truth);
  // A copy that shares no cell with this one; pointers still point to what they did.
  [[nodiscard]] Value copy() const;
};

bool operator==(const Value& a, const Value& b);

// Text with a hole where the two differ: the same beginning and end are kept. `reason`: why it is one or the other.
Value either(const Value& a, const Value& b, const std::string& reason, const Place& place);

// The text without holes; false if there are any.
bool full_text(const std::vector<Segment>& segments, std::string& to);
// All of it, holes as a space: enough to see what kind of statement it is.
std::string rough_text(const std::vector<Segment>& segments);

// Bytes [begin, end) of a text, by their segments.
std::vector<Segment> slice(const std::vector<Segment>& segments, std::size_t begin, std::size_t end);

// As others see it: each stretch at its place in a file.
std::vector<Stretch> stretches(const std::vector<Segment>& segments);

}  // namespace cupel::cxx

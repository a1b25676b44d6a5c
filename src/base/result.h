// Result<T>: a value, or the description of why the world did not give one.
//
// Errors of the world (a file, a configuration, a connection) travel as values; what is wrong with the user's SQL is a
// finding, and a bug of ours is an assert. Shaped like std::expected, which C++20 does not have.
#pragma once

#include <cassert>
#include <string>
#include <utility>
#include <variant>

namespace cupel {

// What a command's exit code and a caller's reaction depend on.
enum class ErrorCode {
  usage,        // the command line or the configuration is wrong
  unreadable,   // a file, folder or stream could not be read or written
  unsupported,  // asked for something that this build cannot do
  graph,        // revisions: an unknown or ambiguous target, a broken graph
  connection,   // a database could not be reached, or did not answer as it should
  lock_held,    // another run is working on the database
  lock_budget,  // the locks could not be had within the time allowed
  failed,       // a migration failed and left nothing
  partial,      // a migration failed and is partly applied
  edited,       // what was applied is not what the files say
  interrupted,  // asked to stop
};

struct Error {
  ErrorCode code = ErrorCode::unreadable;
  // One sentence for the user: what was attempted, on what, and why it failed. No trailing newline.
  std::string message;
};

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT(google-explicit-constructor)
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT(google-explicit-constructor)

  [[nodiscard]] bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  // The value; calling these on an error is a bug of the caller.
  T& operator*() & {
    assert(has_value());
    return *std::get_if<0>(&state_);
  }
  const T& operator*() const& {
    assert(has_value());
    return *std::get_if<0>(&state_);
  }
  T&& operator*() && {
    assert(has_value());
    return std::move(*std::get_if<0>(&state_));
  }
  T* operator->() {
    assert(has_value());
    return std::get_if<0>(&state_);
  }
  const T* operator->() const {
    assert(has_value());
    return std::get_if<0>(&state_);
  }

  [[nodiscard]] const Error& error() const {
    assert(!has_value());
    return *std::get_if<1>(&state_);
  }

 private:
  std::variant<T, Error> state_;
};

// Success carries nothing.
using Status = Result<std::monostate>;
inline Status success() { return std::monostate{}; }

}  // namespace cupel

#define CUPEL_CONCAT_INNER(a, b) a##b
#define CUPEL_CONCAT(a, b) CUPEL_CONCAT_INNER(a, b)

// TRY_ASSIGN(auto x, f()): x is the value of f(), or this function returns its error.
#define TRY_ASSIGN(declaration, expression) TRY_ASSIGN_INNER(declaration, expression, CUPEL_CONCAT(try_result_, __LINE__))
// NOLINTBEGIN(bugprone-macro-parentheses): it declares what its arguments name, which no parentheses may surround.
#define TRY_ASSIGN_INNER(declaration, expression, name) \
  auto name = (expression);                             \
  if (!name) return name.error();                       \
  declaration = *std::move(name)
// NOLINTEND(bugprone-macro-parentheses)

// TRY_VOID(f()): goes on if f() succeeded, or this function returns its error.
#define TRY_VOID(expression)                                                    \
  do {                                                                          \
    if (auto try_status = (expression); !try_status) return try_status.error(); \
  } while (false)

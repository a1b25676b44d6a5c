// One session with a PostgreSQL server. The only code that sees libpq, which is loaded when the first session is
// opened, so that commands without a database neither need it nor pay for it.
#pragma once

#include "base/result.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cupel::execute {

// A request from outside to stop: a signal, turned into a value by whoever receives signals.
struct Interruption {
  // Becomes readable when it is time to stop; -1: never. Not read from, so it stays readable for everybody.
  int descriptor = -1;
  [[nodiscard]] bool requested() const;
};
// Sleeps, but not through an interruption (nullptr: there is none to come). False if it is time to stop.
bool rest(const Interruption* interruption, std::chrono::milliseconds time);

// What a server says with an error or a notice (manual 55.8, "Error and Notice Message Fields").
struct ServerMessage {
  std::string severity;  // "ERROR", "NOTICE", not translated
  std::string sqlstate;
  std::string message;
  std::string detail, hint, context;
  std::string schema, table, constraint;
  std::size_t position = 0;  // 1-based, in characters of the text that was sent; 0: none
};

// The rows of a query, as text. NULL is an empty optional.
struct Rows {
  std::vector<std::vector<std::optional<std::string>>> values;
  [[nodiscard]] bool empty() const { return values.empty(); }
  [[nodiscard]] std::size_t size() const { return values.size(); }
  // NULL reads as "". Both indices must be in range.
  [[nodiscard]] const std::string& text(std::size_t row, std::size_t column) const;
  [[nodiscard]] bool is_null(std::size_t row, std::size_t column) const { return !values[row][column].has_value(); }
  [[nodiscard]] std::int64_t number(std::size_t row, std::size_t column) const;
  // 't' and 'f' of a boolean column.
  [[nodiscard]] bool truth(std::size_t row, std::size_t column) const { return text(row, column) == "t"; }
};

// What became of one text that was sent.
struct Outcome {
  enum class Kind {
    done,
    refused,  // the server answered with an error: `error`
    lost,     // the connection broke before the answer; whether the server did it is not known
  };
  Kind kind = Kind::done;
  ServerMessage error;       // refused; of lost: what libpq said, in `message`
  Rows rows;                 // of the last statement in the text that returned any
  std::string tag;           // the last command tag: "CREATE TABLE", "UPDATE 12"
  bool interrupted = false;  // refused because the Interruption asked for it
  std::chrono::microseconds elapsed{0};

  [[nodiscard]] bool done() const { return kind == Kind::done; }
  [[nodiscard]] bool has_state(std::string_view sqlstate) const { return kind == Kind::refused && error.sqlstate == sqlstate; }
};

struct ConnectionOptions {
  std::string target;  // a connection string or URI, as libpq takes it; may hold a password: never shown
  std::string application_name = "cupel";
  const Interruption* interruption = nullptr;  // must outlive the session
};

class PgSession {
 public:
  // Opens a session. An error says which server could not be reached and why, without the password.
  static Result<PgSession> connect(const ConnectionOptions& options);

  PgSession(PgSession&&) noexcept;
  PgSession& operator=(PgSession&&) noexcept;
  ~PgSession();

  // Sends `sql`, one or several statements, and waits for the answer. While it waits, `on_wait` is called about every
  // `wait_interval`. When the interruption asks for it, the server is told to cancel and its answer is still awaited.
  // `copy_data`: what COPY … FROM stdin in it is given.
  using WaitFunction = std::function<void(std::chrono::milliseconds elapsed)>;
  static constexpr std::chrono::milliseconds wait_interval{100};
  Outcome run(std::string_view sql, const WaitFunction& on_wait = {}, std::string_view copy_data = {});
  // run() that is not stopped by the interruption: for the bookkeeping that follows one.
  Outcome run_to_end(std::string_view sql);
  // run() for our own questions, where an error is one of the world: `what` says what was attempted ("cannot read the
  // journal").
  Result<Rows> query(std::string_view sql, std::string_view what);

  // While one of these lives, nothing is stopped by the interruption: what tidies up after one takes several steps.
  class Undisturbed {
   public:
    explicit Undisturbed(PgSession& session);
    ~Undisturbed();
    Undisturbed(const Undisturbed&) = delete;
    Undisturbed& operator=(const Undisturbed&) = delete;

   private:
    PgSession& session_;
    bool before_;
  };

  // Called with each NOTICE, WARNING … as it arrives.
  void set_notice_function(std::function<void(const ServerMessage&)> function);

  // `value` as a literal that means the same whatever standard_conforming_strings is.
  static std::string literal(std::string_view value);
  // text[] of these.
  static std::string literal(const std::vector<std::string>& values);

  // "user@host:port/database", "user@/socket/folder:port/database".
  [[nodiscard]] const std::string& description() const;
  // The connection as environment variables of libpq ("PGHOST", …), for programs such as pg_dump. May hold the
  // password.
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> environment() const;
  [[nodiscard]] int server_version() const;  // 150004
  [[nodiscard]] int server_major() const { return server_version() / 10000; }
  [[nodiscard]] int backend_pid() const;  // the server process, as the client was told at the start
  [[nodiscard]] bool is_open() const;     // false once the connection broke
  // In a transaction block, also a failed one.
  [[nodiscard]] bool in_transaction() const;

 private:
  struct State;
  explicit PgSession(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
  bool heeds_interruption_ = true;
};

}  // namespace cupel::execute

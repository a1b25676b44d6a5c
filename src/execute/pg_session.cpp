#include "execute/pg_session.h"

#include <array>
#include <cassert>
#include <cerrno>
#include <charconv>
#include <utility>

#include <fmt/format.h>
#include <poll.h>

#ifdef CUPEL_HAS_LIBPQ
#include <dlfcn.h>
#include <libpq-fe.h>
#endif

namespace cupel::execute {

bool Interruption::requested() const {
  if (descriptor < 0) return false;
  pollfd entry{descriptor, POLLIN, 0};
  return ::poll(&entry, 1, 0) == 1;
}

bool rest(const Interruption* interruption, std::chrono::milliseconds time) {
  pollfd entry{interruption == nullptr ? -1 : interruption->descriptor, POLLIN, 0};
  return ::poll(&entry, 1, static_cast<int>(time.count())) <= 0;
}

const std::string& Rows::text(std::size_t row, std::size_t column) const {
  static const std::string nothing;
  const std::optional<std::string>& value = values.at(row).at(column);
  return value ? *value : nothing;
}

std::int64_t Rows::number(std::size_t row, std::size_t column) const {
  const std::string& digits = text(row, column);
  std::int64_t number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

std::string PgSession::literal(std::string_view value) {
  // Manual 4.1.2.2: in E'' a backslash is always doubled; without any, '' is the same under both settings.
  const bool escaped = value.find('\\') != std::string_view::npos;
  std::string result = escaped ? "E'" : "'";
  for (const char c : value) {
    if (c == '\'' || c == '\\') result += c;
    result += c;
  }
  return result + '\'';
}

std::string PgSession::literal(const std::vector<std::string>& values) {
  std::string elements;
  for (const std::string& value : values) elements += (elements.empty() ? "" : ", ") + literal(std::string_view(value));
  return "ARRAY[" + elements + "]::text[]";
}

#ifdef CUPEL_HAS_LIBPQ

namespace {

using Clock = std::chrono::steady_clock;

// The functions of libpq that are used, found in the library when it is loaded.
struct LibPq {
#define CUPEL_LIBPQ_FUNCTIONS(use)                                                                                                        \
  use(PQconninfoParse) use(PQconninfoFree) use(PQconnectStartParams) use(PQconnectPoll) use(PQstatus) use(PQsocket) use(PQerrorMessage)   \
      use(PQfinish) use(PQserverVersion) use(PQbackendPID) use(PQtransactionStatus) use(PQsendQuery) use(PQconsumeInput) use(PQisBusy)    \
          use(PQgetResult) use(PQresultStatus) use(PQclear) use(PQntuples) use(PQnfields) use(PQgetisnull) use(PQgetvalue)                \
              use(PQgetlength) use(PQcmdStatus) use(PQresultErrorField) use(PQresultErrorMessage) use(PQputCopyData) use(PQputCopyEnd)    \
                  use(PQgetCopyData) use(PQfreemem) use(PQgetCancel) use(PQcancel) use(PQfreeCancel) use(PQsetNoticeReceiver) use(PQuser) \
                      use(PQhost) use(PQport) use(PQdb) use(PQsetnonblocking) use(PQflush) use(PQconninfo)
#define CUPEL_LIBPQ_MEMBER(name) decltype(&::name) name = nullptr;  // NOLINT(bugprone-macro-parentheses): a declaration
  CUPEL_LIBPQ_FUNCTIONS(CUPEL_LIBPQ_MEMBER)
#undef CUPEL_LIBPQ_MEMBER
};

// Loaded once for the life of the process. Its interface has kept version 5 since PostgreSQL 8.2.
Result<const LibPq*> load_libpq() {
  static LibPq functions;
  static bool loaded = false;
  if (loaded) return &functions;
#ifdef __APPLE__
  constexpr std::array names = {"libpq.5.dylib", "/opt/homebrew/opt/libpq/lib/libpq.5.dylib", "/usr/local/opt/libpq/lib/libpq.5.dylib"};
#else
  constexpr std::array names = {"libpq.so.5"};
#endif
  void* library = nullptr;
  for (const char* name : names) {
    if (library == nullptr) library = ::dlopen(name, RTLD_NOW | RTLD_LOCAL);
  }
  if (library == nullptr) {
    return Error{ErrorCode::connection,
                 fmt::format("PostgreSQL's client library libpq is needed to talk to a database, and cannot be loaded ({}); "
                             "install it: apt install libpq5, dnf install libpq, brew install libpq",
                             ::dlerror())};
  }
  const char* missing = nullptr;
#define CUPEL_LIBPQ_FIND(name)                                                          \
  functions.name = reinterpret_cast<decltype(functions.name)>(::dlsym(library, #name)); \
  if (functions.name == nullptr) missing = #name;
  CUPEL_LIBPQ_FUNCTIONS(CUPEL_LIBPQ_FIND)
#undef CUPEL_LIBPQ_FIND
  if (missing != nullptr)
    return Error{ErrorCode::connection, fmt::format("the installed libpq has no function {}: it is too old", missing)};
  loaded = true;
  return &functions;
}

// libpq's messages have several lines and end with one.
std::string in_one_line(std::string_view text) {
  std::string line;
  for (const char c : text) {
    if (c == '\n' || c == '\t') {
      if (!line.empty() && line.back() != ' ') line += ' ';
    } else {
      line += c;
    }
  }
  while (!line.empty() && line.back() == ' ') line.pop_back();
  return line;
}

// SQLAlchemy names its driver in the URL: postgresql+psycopg2://…
std::string without_driver(std::string_view target) {
  const std::size_t scheme = target.find("://");
  const std::size_t plus = target.find('+');
  if (scheme == std::string_view::npos || plus == std::string_view::npos || plus > scheme || !target.starts_with("postgres"))
    return std::string(target);
  return std::string(target.substr(0, plus)) + std::string(target.substr(scheme));
}

}  // namespace

struct PgSession::State {
  const LibPq* pq = nullptr;
  PGconn* connection = nullptr;
  const Interruption* interruption = nullptr;
  std::string description;
  std::function<void(const ServerMessage&)> on_notice;

  ~State() {
    if (connection != nullptr) pq->PQfinish(connection);
  }

  // Waits until the socket is ready, the interruption asks, or the time is over. True: the socket is ready.
  bool wait(short events, std::chrono::milliseconds most, bool heed_interruption) const {
    std::array<pollfd, 2> entries{{{pq->PQsocket(connection), events, 0}, {-1, POLLIN, 0}}};
    if (heed_interruption && interruption != nullptr) entries[1].fd = interruption->descriptor;
    const int ready = ::poll(entries.data(), entries.size(), static_cast<int>(most.count()));
    return ready > 0 && entries[0].revents != 0;
  }

  [[nodiscard]] std::string field(const PGresult* result, int code) const {
    const char* value = pq->PQresultErrorField(result, code);
    return value == nullptr ? "" : value;
  }
  [[nodiscard]] ServerMessage message(const PGresult* result) const {
    ServerMessage message;
    message.severity = field(result, 'V');  // PG_DIAG_SEVERITY_NONLOCALIZED
    message.sqlstate = field(result, PG_DIAG_SQLSTATE);
    message.message = field(result, PG_DIAG_MESSAGE_PRIMARY);
    message.detail = field(result, PG_DIAG_MESSAGE_DETAIL);
    message.hint = field(result, PG_DIAG_MESSAGE_HINT);
    message.context = field(result, PG_DIAG_CONTEXT);
    message.schema = field(result, PG_DIAG_SCHEMA_NAME);
    message.table = field(result, PG_DIAG_TABLE_NAME);
    message.constraint = field(result, PG_DIAG_CONSTRAINT_NAME);
    const std::string position = field(result, PG_DIAG_STATEMENT_POSITION);
    std::from_chars(position.data(), position.data() + position.size(), message.position);
    if (message.message.empty()) message.message = in_one_line(pq->PQresultErrorMessage(result));
    return message;
  }

  [[nodiscard]] Rows rows(const PGresult* result) const {
    Rows rows;
    const int columns = pq->PQnfields(result);
    rows.values.resize(static_cast<std::size_t>(pq->PQntuples(result)));
    for (std::size_t row = 0; row < rows.values.size(); ++row) {
      const int number = static_cast<int>(row);
      for (int column = 0; column < columns; ++column) {
        auto& value = rows.values[row].emplace_back();
        if (pq->PQgetisnull(result, number, column) == 0) {
          value.emplace(pq->PQgetvalue(result, number, column), static_cast<std::size_t>(pq->PQgetlength(result, number, column)));
        }
      }
    }
    return rows;
  }

  void cancel() const {
    PGcancel* const handle = pq->PQgetCancel(connection);
    if (handle == nullptr) return;
    // A refusal means that the server is gone, and then its answer does not come either.
    std::array<char, 256> refusal{};
    pq->PQcancel(handle, refusal.data(), static_cast<int>(refusal.size()));
    pq->PQfreeCancel(handle);
  }

  void lose(Outcome& outcome) const {
    outcome.kind = Outcome::Kind::lost;
    outcome.error = {};
    outcome.error.message = in_one_line(pq->PQerrorMessage(connection));
    if (outcome.error.message.empty()) outcome.error.message = "the connection was lost";
  }

  // Feeds COPY … FROM stdin. In small pieces, so that an interruption is heeded between two.
  void copy_in(std::string_view data, bool heed_interruption, Outcome& outcome) const {
    constexpr std::size_t piece = 65536;
    while (!data.empty()) {
      if (heed_interruption && interruption != nullptr && interruption->requested()) {
        outcome.interrupted = true;
        pq->PQputCopyEnd(connection, "interrupted");
        return;
      }
      const std::string_view part = data.substr(0, piece);
      if (pq->PQputCopyData(connection, part.data(), static_cast<int>(part.size())) != 1) return;  // the result will tell
      data.remove_prefix(part.size());
    }
    pq->PQputCopyEnd(connection, nullptr);
  }

  // A COPY … TO stdout: nobody wants it, but it has to be taken.
  void copy_out() const {
    char* buffer = nullptr;
    while (pq->PQgetCopyData(connection, &buffer, 0) > 0) pq->PQfreemem(buffer);
  }

  Outcome run(std::string_view sql, const WaitFunction& on_wait, std::string_view copy_data, bool heed_interruption) {
    const Clock::time_point start = Clock::now();
    const auto elapsed = [start] { return Clock::now() - start; };
    Outcome outcome;
    if (pq->PQsendQuery(connection, std::string(sql).c_str()) != 1) {
      lose(outcome);
      return outcome;
    }
    bool cancelled = false;
    while (outcome.kind != Outcome::Kind::lost) {
      while (pq->PQisBusy(connection) != 0) {
        if (!wait(POLLIN, wait_interval, heed_interruption && !cancelled)) {
          if (on_wait) on_wait(std::chrono::duration_cast<std::chrono::milliseconds>(elapsed()));
          if (heed_interruption && !cancelled && interruption != nullptr && interruption->requested()) {
            cancelled = true;
            cancel();
          }
          continue;
        }
        if (pq->PQconsumeInput(connection) != 1) {
          // What arrived before the end (an administrator's shutdown message) is a result still.
          if (pq->PQstatus(connection) == CONNECTION_BAD && pq->PQisBusy(connection) != 0) break;
        }
      }
      PGresult* const result = pq->PQgetResult(connection);
      if (result == nullptr) break;
      switch (pq->PQresultStatus(result)) {
        case PGRES_TUPLES_OK: outcome.rows = rows(result); [[fallthrough]];
        case PGRES_COMMAND_OK:
        case PGRES_EMPTY_QUERY: outcome.tag = pq->PQcmdStatus(result); break;
        case PGRES_COPY_IN: copy_in(copy_data, heed_interruption, outcome); break;
        case PGRES_COPY_OUT: copy_out(); break;
        default:
          if (outcome.kind == Outcome::Kind::done) {
            outcome.kind = Outcome::Kind::refused;
            outcome.error = message(result);
          }
      }
      pq->PQclear(result);
    }
    if (pq->PQstatus(connection) == CONNECTION_BAD) {
      const ServerMessage last_words = std::move(outcome.error);
      lose(outcome);
      // "terminating connection due to administrator command" says more than "server closed the connection".
      if (!last_words.sqlstate.empty()) outcome.error = last_words;
    }
    outcome.interrupted = (outcome.interrupted || cancelled) && outcome.kind != Outcome::Kind::done;
    outcome.elapsed = std::chrono::duration_cast<std::chrono::microseconds>(elapsed());
    return outcome;
  }
};

namespace {

// Refuses what libpq cannot read, in words of our own: libpq's repeat the text, which may hold a password.
Status check_target(const LibPq& pq, const std::string& target) {
  char* complaint = nullptr;
  PQconninfoOption* const options = pq.PQconninfoParse(target.c_str(), &complaint);
  if (options != nullptr) {
    pq.PQconninfoFree(options);
    return success();
  }
  std::string reason = complaint == nullptr ? "" : complaint;
  if (complaint != nullptr) pq.PQfreemem(complaint);
  reason = in_one_line(std::string_view(reason).substr(0, reason.find('"')));
  return Error{ErrorCode::usage, fmt::format("the database's connection string cannot be read{}{}; it is a URI "
                                             "(postgresql://user@host:port/database) or words like "
                                             "\"host=… dbname=…\"",
                                             reason.empty() ? "" : ": ", reason)};
}

// target's words with dbname expanded; what stands before it is only a default, what stands after it always holds.
struct Keywords {
  std::vector<const char*> names, values;
  void add(const char* name, const char* value) {
    names.push_back(name);
    values.push_back(value);
  }
};

}  // namespace

Result<PgSession> PgSession::connect(const ConnectionOptions& options) {
  TRY_ASSIGN(const LibPq* const pq, load_libpq());
  const std::string target = without_driver(options.target);
  if (target.find('=') != std::string::npos || target.find("://") != std::string::npos) TRY_VOID(check_target(*pq, target));
  Keywords keywords;
  keywords.add("connect_timeout", "10");
  // A server that vanishes without a word is noticed within about half a minute (manual 34.1.2).
  keywords.add("keepalives_idle", "10");
  keywords.add("keepalives_interval", "5");
  keywords.add("keepalives_count", "4");
  keywords.add("tcp_user_timeout", "30000");
  keywords.add("dbname", target.c_str());
  keywords.add("application_name", options.application_name.c_str());
  keywords.add("client_encoding", "UTF8");
  keywords.add(nullptr, nullptr);

  auto state = std::make_unique<State>();
  state->pq = pq;
  state->interruption = options.interruption;
  state->connection = pq->PQconnectStartParams(keywords.names.data(), keywords.values.data(), 1);
  PGconn* const connection = state->connection;
  if (connection == nullptr) return Error{ErrorCode::connection, "no memory for a connection"};
  const auto text = [](const char* value) { return std::string(value == nullptr ? "" : value); };
  state->description = fmt::format("{}@{}:{}/{}", text(pq->PQuser(connection)), text(pq->PQhost(connection)), text(pq->PQport(connection)),
                                   text(pq->PQdb(connection)));

  // libpq itself keeps connect_timeout only in its blocking functions.
  const Clock::time_point deadline = Clock::now() + std::chrono::seconds(15);
  PostgresPollingStatusType polling = PGRES_POLLING_WRITING;
  while (pq->PQstatus(connection) != CONNECTION_BAD && polling != PGRES_POLLING_OK && polling != PGRES_POLLING_FAILED) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
    if (left.count() <= 0)
      return Error{ErrorCode::connection, fmt::format("cannot connect to {}: no answer within 15 s", state->description)};
    if (state->wait(polling == PGRES_POLLING_READING ? POLLIN : POLLOUT, left, true)) polling = pq->PQconnectPoll(connection);
    if (options.interruption != nullptr && options.interruption->requested())
      return Error{ErrorCode::interrupted, "interrupted while connecting"};
  }
  if (pq->PQstatus(connection) != CONNECTION_OK) {
    return Error{ErrorCode::connection,
                 fmt::format("cannot connect to {}: {}", state->description, in_one_line(pq->PQerrorMessage(connection)))};
  }
  pq->PQsetNoticeReceiver(
      connection,
      [](void* argument, const PGresult* result) {
        const State& receiver = *static_cast<State*>(argument);
        if (receiver.on_notice) receiver.on_notice(receiver.message(result));
      },
      state.get());
  return PgSession(std::move(state));
}

Outcome PgSession::run(std::string_view sql, const WaitFunction& on_wait, std::string_view copy_data) {
  return state_->run(sql, on_wait, copy_data, heeds_interruption_);
}
Outcome PgSession::run_to_end(std::string_view sql) { return state_->run(sql, {}, {}, false); }

void PgSession::set_notice_function(std::function<void(const ServerMessage&)> function) { state_->on_notice = std::move(function); }
const std::string& PgSession::description() const { return state_->description; }
std::vector<std::pair<std::string, std::string>> PgSession::environment() const {
  std::vector<std::pair<std::string, std::string>> variables;
  PQconninfoOption* const options = state_->pq->PQconninfo(state_->connection);
  for (const PQconninfoOption* option = options; option != nullptr && option->keyword != nullptr; ++option) {
    if (option->envvar != nullptr && option->val != nullptr && *option->val != '\0') variables.emplace_back(option->envvar, option->val);
  }
  state_->pq->PQconninfoFree(options);
  return variables;
}
int PgSession::server_version() const { return state_->pq->PQserverVersion(state_->connection); }
int PgSession::backend_pid() const { return state_->pq->PQbackendPID(state_->connection); }
bool PgSession::is_open() const { return state_->pq->PQstatus(state_->connection) == CONNECTION_OK; }
bool PgSession::in_transaction() const {
  const PGTransactionStatusType status = state_->pq->PQtransactionStatus(state_->connection);
  return status == PQTRANS_INTRANS || status == PQTRANS_INERROR;
}

#else  // without libpq's header no session can be opened; everything else works

struct PgSession::State {
  std::string description;
};

Result<PgSession> PgSession::connect(const ConnectionOptions&) {
  return Error{ErrorCode::unsupported,
               "this cupel was built without PostgreSQL's client library, so it cannot talk to a database; "
               "install libpq's header (apt install libpq-dev) and build it again"};
}
// No session exists that these could be called on.
Outcome PgSession::run(std::string_view, const WaitFunction&, std::string_view) { return {}; }
Outcome PgSession::run_to_end(std::string_view) { return {}; }
void PgSession::set_notice_function(std::function<void(const ServerMessage&)>) {}
const std::string& PgSession::description() const { return state_->description; }
std::vector<std::pair<std::string, std::string>> PgSession::environment() const { return {}; }
int PgSession::server_version() const { return 0; }
int PgSession::backend_pid() const { return 0; }
bool PgSession::is_open() const { return false; }
bool PgSession::in_transaction() const { return false; }

#endif

PgSession::Undisturbed::Undisturbed(PgSession& session) : session_(session), before_(std::exchange(session.heeds_interruption_, false)) {}
PgSession::Undisturbed::~Undisturbed() { session_.heeds_interruption_ = before_; }

Result<Rows> PgSession::query(std::string_view sql, std::string_view what) {
  Outcome outcome = run(sql);
  switch (outcome.kind) {
    case Outcome::Kind::done: return std::move(outcome.rows);
    case Outcome::Kind::refused:
      if (outcome.interrupted) return Error{ErrorCode::interrupted, "interrupted"};
      return Error{ErrorCode::connection, fmt::format("{}: {} (SQLSTATE {})", what, outcome.error.message, outcome.error.sqlstate)};
    case Outcome::Kind::lost: break;
  }
  return Error{ErrorCode::connection, fmt::format("{}: the connection to {} broke: {}", what, description(), outcome.error.message)};
}

PgSession::PgSession(std::unique_ptr<State> state) : state_(std::move(state)) {}
PgSession::PgSession(PgSession&&) noexcept = default;
PgSession& PgSession::operator=(PgSession&&) noexcept = default;
PgSession::~PgSession() = default;

}  // namespace cupel::execute

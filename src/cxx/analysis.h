// What is found in one C++ source: SQL texts in the order they run, each byte of them with its origin, and what could not be told.
//
// The source is parsed and its functions are walked by an interpreter of our own; nothing is compiled or run.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cupel::cxx {

// Bytes of a file. `file`: index into Analysis::files.
struct Place {
  std::uint32_t file = 0;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  friend bool operator==(const Place&, const Place&) = default;
};

// A stretch of an SQL text and where it came from.
struct Stretch {
  std::string text;  // of a hole: the expression as written
  Place place;       // equal sizes: byte by byte; otherwise all of it for all of the text
  bool hole = false;
  std::string reason;  // of a hole: why its text is not known
};

enum class Evidence {
  resolved,  // the function that is called is known to take SQL
  by_name,   // its name says so, and the text looks like SQL
  literal,   // SQL in a literal that no analysed call reached
};

// Whether the call happens inside a transaction that its class opens.
enum class InTransaction { unknown, yes, no };

// A call that sends SQL, or a literal that looks like it.
struct Item {
  std::vector<Stretch> text;  // empty: nothing of it is known, `reason` says why
  std::string reason;
  Place place;               // the call, or the literal
  std::vector<Place> chain;  // where the functions around it were called from, innermost first
  std::string callee;        // "pqxx::work::exec"; empty for a literal
  std::string function;      // the function the walk began in
  Evidence evidence = Evidence::resolved;
  InTransaction transaction = InTransaction::unknown;
  int transaction_number = 0;  // the same for statements of one transaction object; 0: none
  bool binds = false;          // :name and ? stand for values, as SOCI and Qt have it
  bool conditional = false;    // only runs under a condition that is not known here
  bool repeated = false;       // in a loop of unknown length
  bool downgrade = false;      // of a revision: sent by its downgrade
  std::string operation;       // of a revision: "create_table"
  std::size_t revision = 0;    // with an operation: which of the file's revisions
};

struct Comment {
  Place place;
  std::string text;  // without its delimiters
};

// What a file of the operations API says about itself.
struct Revision {
  std::string id, down, message, label, depends_on;
  bool transactional = true;
  bool has_downgrade = false;
  Place place;
  std::string problem;  // what of it could not be read; empty: nothing
};

// What a source was parsed with.
enum class Headers {
  models,  // cupel's own declarations of the libraries
  real,    // the headers of the project and of this machine, by the project's compilation database
};

struct Analysis {
  std::vector<std::string> files;  // the first is the analysed one; others are headers that text came from
  std::vector<Item> items;
  std::vector<Comment> comments;    // with a directive of ours, in order
  std::vector<Revision> revisions;  // in the order they are registered; none: no file of the operations API
  std::size_t errors = 0;           // that the parser reported
  std::string first_error;
  Headers headers = Headers::models;
  std::string database_problem;  // of the compilation database, where a second reading was wanted
  bool migration = false;        // of TinyORM: one of its folder, in the order of their names
  bool limited = false;          // a limit on steps, depth or time ended the walk early
};

// A function that takes SQL, beyond those that are built in.
struct UserSink {
  std::string call;  // "Db::run" or "run_sql"
  int sql = 0;       // which argument
};

struct Settings {
  std::vector<UserSink> sinks;
  std::vector<std::string> include_folders;
  std::vector<std::string> defines;  // NAME or NAME=VALUE
  std::string compilation_database;  // the file or its folder; empty: searched for near the source
  double seconds = 10;               // for one file
  std::size_t steps = 5'000'000;     // of the interpreter, for one file
};

// `file`: its path; `text`: its bytes. Any bytes are answered. Needs a large stack: deep nesting is walked recursively.
//
// Parsed with the models; where that meets errors in a source with SQL, and the project tells how it compiles the source, once more
// with the real headers. What tells more is returned.
Analysis analyse(const std::string& file, std::string_view text, const Settings& settings);

// With the real headers only. `flags`: as compile_flags() gives them; headers that are not on this machine are the models'.
Analysis analyse_with_real_headers(const std::string& file, std::string_view text, const Settings& settings,
                                   const std::vector<std::string>& flags);

}  // namespace cupel::cxx

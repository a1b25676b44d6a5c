// The other side of a module's border: the program that records or runs what its migrations ask for. Written by cupel, used
// by operations and connection; a migration does not need it.
#pragma once

#include <cupel/request.hpp>

// Grows when what crosses the border changes: request, host, registered, revision.
#define CUPEL_MODULE_ABI 1

namespace cupel {

// One parameter of a query, as text; `is_null` for NULL.
struct parameter {
  str text;
  bool is_null = false;
};

// Receives the rows of a query, while the call lasts.
class row_receiver {
 public:
  // Once before the rows.
  virtual void on_columns(list<str> names) = 0;
  virtual void on_row(list<parameter> fields) = 0;

 protected:
  ~row_receiver() = default;
};

// No function throws. One that answers false has failed, and has noted why; nothing more is asked of it then.
class host {
 public:
  virtual bool submit(const request& operation) noexcept = 0;
  // A connection for reading and changing data is asked for. False: this run has none (it only records).
  virtual bool bind(source_place where) noexcept = 0;
  // Runs one statement with $1, $2, … `receiver` may be null; `affected` becomes the number of rows.
  virtual bool query(str sql, list<parameter> parameters, row_receiver* receiver, unsigned long long* affected,
                     source_place where) noexcept = 0;

 protected:
  ~host() = default;
};

}  // namespace cupel

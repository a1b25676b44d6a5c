// Writes down what a migration asks for instead of doing it.
#pragma once

#include "op/render.h"

#include <string>
#include <vector>

#include <cupel/host.hpp>

namespace cupel::op {

struct RecordedOperation {
  request_kind kind = request_kind::execute;
  std::string file;  // as the compiler was given it
  unsigned line = 0;
  std::vector<std::string> statements;
};

class Recorder final : public host {
 public:
  // With what is wrong with an operation, it ends.
  bool submit(const request& operation) noexcept override;
  // What comes next depends on data: the recording ends here.
  bool bind(source_place where) noexcept override;
  bool query(str sql, list<parameter> parameters, row_receiver* receiver, unsigned long long* affected,
             source_place where) noexcept override;

  [[nodiscard]] const std::vector<RecordedOperation>& operations() const { return operations_; }
  // The migration asked for a connection: what is recorded is only its beginning.
  [[nodiscard]] bool is_live() const { return live_; }
  // "FILE:LINE: OPERATION: what is wrong"; empty if nothing is.
  [[nodiscard]] const std::string& error() const { return error_; }

 private:
  bool fail(source_place where, const std::string& what);

  std::vector<RecordedOperation> operations_;
  bool live_ = false;
  bool in_autocommit_ = false;
  std::string error_;
};

}  // namespace cupel::op

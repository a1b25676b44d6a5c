#include "op/recorder.h"

#include <utility>

namespace cupel::op {

bool Recorder::submit(const request& operation) noexcept {
  if (!error_.empty() || live_) return false;  // something caught what stopped the migration
  if (operation.kind == request_kind::begin_autocommit && std::exchange(in_autocommit_, true))
    return fail(operation.where, "autocommit: within autocommit");
  if (operation.kind == request_kind::end_autocommit) in_autocommit_ = false;
  Rendered rendered = render(operation);
  if (!rendered.error.empty()) return fail(operation.where, std::string(name(operation.kind)) + ": " + rendered.error);
  RecordedOperation& recorded = operations_.emplace_back();
  recorded.kind = operation.kind;
  recorded.file = operation.where.file;
  recorded.line = operation.where.line;
  for (RenderedStatement& statement : rendered.statements) recorded.statements.push_back(std::move(statement.sql));
  return true;
}

bool Recorder::bind(source_place /*where*/) noexcept {
  live_ = error_.empty();
  return false;
}

bool Recorder::query(str /*sql*/, list<parameter> /*parameters*/, row_receiver* /*receiver*/, unsigned long long* /*affected*/,
                     source_place where) noexcept {
  return fail(where, "a query while nothing but operations is recorded");
}

bool Recorder::fail(source_place where, const std::string& what) {
  if (error_.empty()) error_ = std::string(where.file) + ":" + std::to_string(where.line) + ": " + what;
  return false;
}

}  // namespace cupel::op

#include "cli/cxx_live.h"

#include "op/module.h"
#include "op/render.h"

#include <charconv>
#include <optional>
#include <string_view>

#include <fmt/format.h>

namespace cupel::cli {
namespace {

using execute::Direction;
using execute::LiveConnection;
using execute::LivePlace;

std::string_view view(str text) { return {text.data, text.size}; }

// How many rows a command tag tells of: "UPDATE 12", "INSERT 0 3".
unsigned long long rows_in(std::string_view tag) {
  unsigned long long rows = 0;
  tag.remove_prefix(tag.rfind(' ') + 1);
  std::from_chars(tag.data(), tag.data() + tag.size(), rows);
  return rows;
}

// The module's side of the connection.
class LiveHost final : public host {
 public:
  explicit LiveHost(LiveConnection& connection) : connection_(connection) {}

  bool submit(const request& operation) noexcept override {
    const LivePlace place{operation.where.file, operation.where.line};
    const auto refuse = [&](const std::string& why) {
      connection_.refuse(fmt::format("{}: {}", op::name(operation.kind), why), place);
      return false;
    };
    if (operation.kind == request_kind::begin_autocommit || operation.kind == request_kind::end_autocommit ||
        operation.kind == request_kind::backfill)
      return refuse("the revision reads data (op.bind()), so it runs in one transaction: put this into a revision of its own");
    const op::Rendered rendered = op::render(operation);
    if (!rendered.error.empty()) return refuse(rendered.error);
    for (const op::RenderedStatement& statement : rendered.statements) {
      if (!connection_.execute(statement.sql, place)) return false;
    }
    return true;
  }

  bool bind(source_place /*where*/) noexcept override { return true; }

  bool query(str sql, list<parameter> parameters, row_receiver* receiver, unsigned long long* affected,
             source_place where) noexcept override {
    std::vector<std::optional<std::string>> values;
    for (const parameter& one : parameters) values.push_back(one.is_null ? std::nullopt : std::optional(std::string(view(one.text))));
    const execute::Outcome* answer = connection_.query(view(sql), values, {where.file, where.line});
    if (answer == nullptr) return false;
    if (affected != nullptr) *affected = rows_in(answer->tag);
    if (receiver == nullptr) return true;
    for (const auto& row : answer->rows.values) {
      std::vector<parameter> fields;
      fields.reserve(row.size());
      for (const std::optional<std::string>& field : row) fields.push_back(field ? parameter{*field, false} : parameter{{}, true});
      receiver->on_row(fields);
    }
    return true;
  }

 private:
  LiveConnection& connection_;
};

class ModuleMigration final : public execute::LiveMigration {
 public:
  ModuleMigration(std::shared_ptr<const op::Module> module, const registered& revision) : module_(std::move(module)), revision_(revision) {}

  Status run(Direction direction, LiveConnection& connection) override {
    LiveHost host(connection);
    const bool up = direction == Direction::upgrade;
    const op::Module::Outcome outcome =
        module_->run(revision_, up ? op::Module::Direction::upgrade : op::Module::Direction::downgrade, host);
    if (outcome.ending != op::Module::Ending::threw) return success();
    return Error{ErrorCode::failed, fmt::format("{} of {} threw: {}", execute::name(direction), revision_.where().file, outcome.message)};
  }

 private:
  std::shared_ptr<const op::Module> module_;  // shared by the revisions that it has
  const registered& revision_;
};

// Null: this direction is known ahead.
const LiveRevision* find(const LiveRevisions& live, const execute::PlannedRevision& planned) {
  const auto found = live.find(planned.revision);
  if (found == live.end()) return nullptr;
  return (planned.direction == Direction::upgrade ? found->second.upgrade : found->second.downgrade) ? &found->second : nullptr;
}

}  // namespace

Result<LiveMigrations> make_live(execute::Plan& plan, const LiveRevisions& live) {
  LiveMigrations migrations;
  std::map<std::string, std::shared_ptr<const op::Module>> modules;
  for (execute::PlannedRevision& planned : plan.revisions) {
    const LiveRevision* revision = find(live, planned);
    if (revision == nullptr) continue;
    std::shared_ptr<const op::Module>& module = modules[revision->module];
    std::string error;
    if (module == nullptr) module = op::Module::load(revision->module, error);
    if (module == nullptr) return Error{ErrorCode::unreadable, error};
    const registered* code = nullptr;
    for (const registered* one : module->revisions()) {
      if (one->about().id == revision->id) code = one;
    }
    if (code == nullptr)
      return Error{ErrorCode::unreadable, fmt::format("revision {} is gone from {} since it was recorded", revision->id, revision->module)};
    migrations.push_back(std::make_unique<ModuleMigration>(module, *code));
    execute::make_live(planned, migrations.back().get());
  }
  return migrations;
}

void show_live(execute::Plan& plan, const LiveRevisions& live) {
  for (execute::PlannedRevision& planned : plan.revisions) {
    if (find(live, planned) != nullptr) execute::make_live(planned, nullptr);
  }
}

}  // namespace cupel::cli

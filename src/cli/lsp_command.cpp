#include "cli/lsp_command.h"

#include "cli/baseline_file.h"
#include "cli/configuration.h"
#include "cli/input.h"
#include "cli/output.h"
#include "cli/rule_pages.h"
#include "cli/snapshot.h"
#include "cli/version.h"
#include "lsp/message_reader.h"
#include "lsp/server.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

namespace cupel::cli {
namespace {

namespace fs = std::filesystem;

std::string absolute(const std::string& path) {
  std::error_code error;
  std::string normal = fs::absolute(path, error).lexically_normal().string();
  while (normal.size() > 1 && normal.back() == '/') normal.pop_back();
  return normal;
}

// As `cupel lint` would be run in `folder`.
Result<lsp::ProjectSettings> read_project(const std::string& folder, CommonOptions options) {
  if (options.config.empty() && !options.no_config) {
    options.config = find_configuration(folder);
    options.no_config = options.config.empty();
  }
  TRY_ASSIGN(Configuration configuration, load_configuration(options));
  TRY_ASSIGN(const Baseline read, read_baseline("", configuration));
  TRY_VOID(read_snapshot("", configuration));
  lsp::ProjectSettings project;
  if (!configuration.file.empty()) project.file = absolute(configuration.file);
  for (const std::string& path : configuration.paths) project.paths.push_back(absolute(path));
  project.layout = configuration.layout;
  project.lint = configuration.lint;
  const auto baseline = std::make_shared<const Baseline>(read);
  project.baseline = baseline->entries;
  project.baseline_name = [baseline](std::string_view source) { return baseline->name_of(source); };
  project.is_gone = [baseline](const std::string& name) { return baseline->is_gone(name); };
  return project;
}

enum class Waiting { until_something_comes, not_at_all };

// What standard input has; empty: nothing yet. An error: it came to its end, or broke.
Result<std::string> read_waiting(Waiting waiting) {
  pollfd input{STDIN_FILENO, POLLIN, 0};
  const int ready = poll(&input, 1, waiting == Waiting::not_at_all ? 0 : -1);
  if (ready == 0 || (ready < 0 && errno == EINTR)) return std::string();
  std::string bytes(64 << 10, '\0');
  const ssize_t count = read(STDIN_FILENO, bytes.data(), bytes.size());
  if (count < 0 && (errno == EINTR || errno == EAGAIN)) return std::string();
  if (count <= 0) return Error{ErrorCode::unreadable, count == 0 ? "standard input ended" : std::strerror(errno)};
  bytes.resize(static_cast<std::size_t>(count));
  return bytes;
}

int serve(const CommonOptions& options) {
  lsp::Surroundings surroundings;
  surroundings.read_project = [&options](const std::string& folder) { return read_project(folder, options); };
  surroundings.settings_files = {"cupel.toml", std::string(baseline_name), std::string(snapshot_name)};
  if (!options.config.empty()) surroundings.settings_files.push_back(fs::path(options.config).filename().string());
  surroundings.rule_url = [](std::string_view rule) {
    const lint::RuleEntry* entry = lint::find_rule(rule);
    return entry == nullptr ? std::string() : rule_url(*entry);
  };
  surroundings.version = tool_version;
  bool broken = false;
  lsp::Server server(std::move(surroundings), [&broken](const std::string& body) {
    const Status written = write_output(lsp::framed(body), "");
    if (!written && !broken) print_problem(written.error().message);
    broken = broken || !written;
  });

  lsp::MessageReader reader;
  bool ended = false;
  while (!server.is_over() && !broken) {
    // Everything that waits is read before the next piece of work: it may be about the text that was typed since.
    while (!ended) {
      const Result<std::string> bytes = read_waiting(server.has_work() ? Waiting::not_at_all : Waiting::until_something_comes);
      if (!bytes) {
        ended = true;
        break;
      }
      if (bytes->empty()) break;
      reader.feed(*bytes);
      while (const std::optional<Result<std::string>> message = reader.next()) {
        if (*message) server.receive(**message);
        else server.refuse(message->error().message);
      }
    }
    if (ended && !server.has_work()) break;
    server.work();
  }
  if (broken) return exit_unreadable;
  return server.exit_code();
}

}  // namespace

void add_lsp_command(CLI::App& app, Action& action) {
  auto options = std::make_shared<CommonOptions>();
  CLI::App* command = app.add_subcommand("lsp", "Judge migrations while they are typed: a language server for editors (docs/editors.md)");
  add_common_options(*command, *options);
  // What editors add to the command line of any server.
  command->add_flag_callback(
      "--stdio", [] {}, "Speak over standard input and output, which it does anyway");
  command->add_option("--clientProcessId", "Of the editor; not looked at: its end is that of standard input")->type_name("PID")->group("");
  command->callback([options, &action] { action = [options] { return serve(*options); }; });
}

}  // namespace cupel::cli

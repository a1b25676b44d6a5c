#include "tests/execute/scratch_database.h"

#include "migrations/file_store.h"
#include "migrations/layout.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>

#include <fmt/format.h>
#include <unistd.h>

namespace cupel::execute {
namespace {

[[noreturn]] void give_up(const std::string& why) {
  std::cerr << "tests need a real PostgreSQL server: " << why << '\n';
  std::abort();
}

std::string output_of(const std::string& command) {
  std::string output;
  FILE* const pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) give_up("cannot run " + command);
  std::array<char, 4096> buffer{};
  while (std::fgets(buffer.data(), buffer.size(), pipe) != nullptr) output += buffer.data();
  if (::pclose(pipe) != 0) give_up(command + " failed");
  while (!output.empty() && output.back() == '\n') output.pop_back();
  return output;
}

std::map<int, std::string> read_servers() {
  std::map<int, std::string> result;
  std::ifstream file(CUPEL_BINARY_DIR "/tests/servers");
  for (std::string line; std::getline(file, line);) {
    const std::size_t equals = line.find('=');
    result[std::stoi(line.substr(0, equals))] = line.substr(equals + 1);
  }
  return result;
}

// Major version -> connection string, of those that ctest started, or that this program did.
std::map<int, std::string>& servers() {
  static std::map<int, std::string> known = read_servers();
  return known;
}

// Servers of its own, for a test that is not run by ctest.
std::vector<std::string> own_folders;
void stop_own_servers() {
  for (const std::string& folder : own_folders) {
    [[maybe_unused]] const int status = std::system((CUPEL_SOURCE_DIR "/scripts/scratch-server stop " + folder).c_str());
  }
}

const std::string& server(int major) {
  const auto known = servers().find(major);
  if (known != servers().end()) return known->second;
  if (!has_server(major)) give_up(fmt::format("there is no PostgreSQL {}", major));
  if (own_folders.empty()) std::atexit(stop_own_servers);
  own_folders.push_back(fmt::format("/tmp/cupel-test-{}-{}", ::getpid(), major));
  return servers()[major] = output_of(fmt::format("{}/scripts/scratch-server start {} {}", CUPEL_SOURCE_DIR, own_folders.back(), major));
}

}  // namespace

const std::vector<int>& server_versions() {
  static const std::vector<int> versions = [] {
    std::vector<int> result;
    for (const auto& [major, target] : servers()) result.push_back(major);
    if (!result.empty()) return result;
    // ctest asks for the names of the tests before it starts servers.
    std::istringstream words(output_of(CUPEL_SOURCE_DIR "/scripts/scratch-server versions"));
    for (int major = 0; words >> major;) result.push_back(major);
    if (result.empty()) give_up("none is installed; scripts/bootstrap installs one");
    return result;
  }();
  return versions;
}

std::vector<int> outer_server_versions() {
  const std::vector<int>& all = server_versions();
  return all.size() == 1 ? all : std::vector<int>{all.front(), all.back()};
}

bool has_server(int major) { return std::ranges::find(server_versions(), major) != server_versions().end(); }

ScratchDatabase::ScratchDatabase(int major) {
  static int number = 0;
  server_ = server(major == 0 ? server_versions().back() : major);
  name_ = fmt::format("test_{}_{}", ::getpid(), ++number);
  target_ = server_ + " dbname=" + name_;
  Result<PgSession> session = PgSession::connect({server_, "cupel test", nullptr});
  if (!session) give_up(session.error().message);
  if (const auto made = session->query("CREATE DATABASE " + name_, "cannot make a database"); !made) give_up(made.error().message);
}

ScratchDatabase::~ScratchDatabase() {
  Result<PgSession> session = PgSession::connect({server_, "cupel test", nullptr});
  if (!session) return;
  // FORCE ends sessions that a test left; since 13.
  session->run_to_end(fmt::format("DROP DATABASE IF EXISTS {} WITH (FORCE)", name_));
}

PgSession ScratchDatabase::connect() const {
  Result<PgSession> session = PgSession::connect({target_, "cupel test", nullptr});
  if (!session) give_up(session.error().message);
  return *std::move(session);
}

std::string ScratchDatabase::ask(std::string_view sql) const {
  PgSession session = connect();
  const Outcome outcome = session.run(sql);
  if (!outcome.done()) return "ERROR: " + outcome.error.message;
  std::string text;
  for (std::size_t row = 0; row < outcome.rows.size(); ++row) {
    if (row > 0) text += '\n';
    for (std::size_t column = 0; column < outcome.rows.values[row].size(); ++column)
      text += (column > 0 ? "|" : "") + outcome.rows.text(row, column);
  }
  return text;
}

migrations::MigrationSet read_files(const std::vector<File>& files) {
  migrations::FileStore store;
  std::vector<std::string> names;
  for (const File& file : files) {
    names.push_back(file.name);
    store.put(file.name, std::make_shared<const SourceText>(file.name, file.text));
  }
  const migrations::FolderView folder("", names, store, migrations::FolderView::Surroundings::hidden);
  Result<migrations::MigrationSet> set = migrations::find_layout("cupel")->read(folder);
  if (!set) give_up(set.error().message);
  return *std::move(set);
}

}  // namespace cupel::execute

#include "tests/execute/replay_and_server.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

namespace cupel::execute {

void ReplayAndServer::reset() {
  if (session_.in_transaction()) session_.run("ROLLBACK");
  const Outcome outcome = session_.run(R"(RESET ALL; DO $$ DECLARE space text; BEGIN
    FOR space IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' LOOP
      EXECUTE format('DROP SCHEMA %I CASCADE', space);
    END LOOP; CREATE SCHEMA public; END $$; RESET ALL)");
  EXPECT_TRUE(outcome.done()) << outcome.error.message;
  replay_ = std::make_unique<Replay>();
  refusal_.clear();
}

std::size_t ReplayAndServer::run(std::string_view sql) {
  const SourceText& source = *replay_->sources.emplace_back(std::make_unique<SourceText>("test.sql", std::string(sql)));
  const sql::Script& script = *replay_->scripts.emplace_back(std::make_unique<sql::Script>(sql::Script::parse(source)));
  std::size_t done = 0;
  for (const sql::Statement& statement : script.statements()) {
    const Outcome outcome = session_.run(script.text(statement));
    if (!outcome.done()) {
      refusal_ = outcome.error.message;
      continue;
    }
    ++done;
    if (!session_.in_transaction()) replay_->database.begin_transaction();
    replay_->database.apply(statement, script);
    if (statement.as<sql::DoBlock>() == nullptr) continue;
    for (const sql::Statement& inner : script.body(statement).statements) replay_->database.apply(inner, script);
  }
  return done;
}

LiveSchema ReplayAndServer::read() {
  if (session_.in_transaction()) { session_.run("COMMIT"); }
  Result<LiveSchema> live = read_live_schema(session_);
  if (!live) {
    ADD_FAILURE() << live.error().message;
    return {};
  }
  for (const std::string& problem : live->problems()) ADD_FAILURE() << problem;
  return *std::move(live);
}

ReplayAndServer::Differences ReplayAndServer::differences() {
  const LiveSchema live = read();
  Differences result;
  for (const schema::Difference& difference : schema::compare(replay_->database, live.database(), {"the replay", "the server"})) {
    if (difference.certainty == schema::Difference::Certainty::certain) result.certain += difference.message + "\n";
    if (difference.certainty == schema::Difference::Certainty::unsure) result.unsure += difference.message + "\n";
  }
  return result;
}

std::string read_file(const std::string& path) {
  std::ifstream file(path);
  EXPECT_TRUE(file) << path;
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<std::string> files_below(const std::string& folder, std::string_view begin, std::string_view end) {
  std::vector<std::string> result;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(std::string(CUPEL_SOURCE_DIR "/") + folder)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(begin) && name.ends_with(end)) result.push_back(entry.path().string());
  }
  std::sort(result.begin(), result.end());
  return result;
}

std::vector<std::vector<std::string>> read_csv(const std::string& path) {
  const std::string text = read_file(path);
  std::vector<std::vector<std::string>> rows(1);
  std::string cell;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c != '"') cell += c;
      else if (i + 1 < text.size() && text[i + 1] == '"') cell += text[++i];
      else quoted = false;
    } else if (c == '"') {
      quoted = true;
    } else if (c == ',' || c == '\n') {
      rows.back().push_back(std::move(cell));
      cell.clear();
      if (c == '\n') rows.emplace_back();
    } else if (c != '\r') {
      cell += c;
    }
  }
  rows.pop_back();
  if (!rows.empty()) rows.erase(rows.begin());
  return rows;
}

}  // namespace cupel::execute

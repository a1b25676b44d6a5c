// What is read in a revision is what it asks for when it runs: the same operations at the same lines, with the same SQL, in the same
// order. Its source is analysed, and its code, which is linked into this program, is recorded.
#include "cxx/analysis.h"
#include "op/recorder.h"
#include "tests/cxx/analysed.h"
#include "tests/op/samples.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <cupel/op.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

namespace cupel::cxx {
namespace {

namespace fs = std::filesystem;

std::string contents(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

// What differs between two texts of lines is shown line by line.
std::string joined(const std::vector<std::string>& lines) { return fmt::format("{}\n", fmt::join(lines, "\n")); }

// "upgrade loops.cpp:43 drop_table: DROP TABLE a", one for each statement.
std::string line_of(bool downgrade, const std::string& file, std::size_t line, const std::string& operation, const std::string& sql) {
  return fmt::format("{} {}:{} {}: {}", downgrade ? "downgrade" : "upgrade", fs::path(file).filename().string(), line, operation, sql);
}

// An operation that sends nothing itself.
bool is_mark(const op::RecordedOperation& one) {
  return one.kind == request_kind::begin_autocommit || one.kind == request_kind::end_autocommit;
}

std::vector<std::string> recorded(registered::function function, bool downgrade) {
  op::Recorder recorder;
  operations op(recorder);
  function(op);
  EXPECT_EQ(recorder.error(), "");
  std::vector<std::string> lines;
  for (const op::RecordedOperation& one : recorder.operations()) {
    if (is_mark(one)) lines.push_back(line_of(downgrade, one.file, one.line, op::name(one.kind), ""));
    for (const std::string& sql : one.statements) lines.push_back(line_of(downgrade, one.file, one.line, op::name(one.kind), sql));
  }
  return lines;
}

// Of calls; SQL that nothing is said to send is none of the revision's. What is not known, or not for sure, is said in the line.
std::vector<std::string> read(const Analysis& analysis, std::string_view text) {
  std::map<std::uint32_t, std::string> headers;
  const auto line_in = [&](const Place& place) {
    if (place.file != 0 && !headers.contains(place.file)) headers[place.file] = contents(analysis.files[place.file]);
    const std::string_view whole = place.file == 0 ? text : std::string_view(headers[place.file]);
    return static_cast<std::size_t>(std::ranges::count(whole.substr(0, place.begin), '\n')) + 1;
  };
  std::vector<std::string> lines;
  for (const Item& item : analysis.items) {
    if (item.evidence == Evidence::literal) continue;
    std::string sql;
    for (const Stretch& stretch : item.text) sql += stretch.hole ? "{" + stretch.text + ": " + stretch.reason + "}" : stretch.text;
    if (item.text.empty() && !item.reason.empty()) sql = "not known: " + item.reason;
    if (item.conditional) sql += " (conditional)";
    if (item.repeated) sql += " (repeated)";
    lines.push_back(line_of(item.downgrade, analysis.files[item.place.file], line_in(item.place), item.operation, sql));
  }
  return lines;
}

const fs::path folder = fs::path(CUPEL_SOURCE_DIR) / "tests" / "cxx" / "revisions";

TEST(Differential, RevisionsAreReadAsTheyRun) {
  std::set<std::string> seen;
  for (const registered* one = registered::first(); one != nullptr; one = one->next()) {
    const fs::path file = folder / fs::path(one->where().file).filename();
    seen.insert(file.filename().string());
    SCOPED_TRACE(file.string());
    std::vector<std::string> expected = recorded(one->upgrade(), false);
    if (one->downgrade() != nullptr) std::ranges::copy(recorded(one->downgrade(), true), std::back_inserter(expected));
    const std::string text = contents(file);
    const Analysis analysis = analyse_in_thread(file.string(), text);
    EXPECT_EQ(analysis.errors, 0U) << analysis.first_error;
    EXPECT_FALSE(analysis.limited);
    EXPECT_EQ(joined(read(analysis, text)), joined(expected));

    ASSERT_EQ(analysis.revisions.size(), 1U);
    EXPECT_EQ(analysis.revisions.front().problem, "");
    EXPECT_EQ(analysis.revisions.front().id, one->about().id);
    EXPECT_EQ(analysis.revisions.front().down, one->about().down);
    EXPECT_EQ(analysis.revisions.front().message, one->about().message);
    EXPECT_EQ(analysis.revisions.front().label, one->about().label);
    EXPECT_EQ(analysis.revisions.front().depends_on, one->about().depends_on);
    EXPECT_EQ(analysis.revisions.front().transactional, one->about().transactional);
    EXPECT_EQ(analysis.revisions.front().has_downgrade, one->downgrade() != nullptr);
  }
  // Each file of the folder was linked, and compared.
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    EXPECT_TRUE(!name.ends_with(".cpp") || seen.contains(name)) << name;
  }
}

// The samples of every operation (tests/op/samples.inc), each body as the code of one revision, at its line.
TEST(Differential, EveryOperationIsReadAsItRuns) {
  const std::string inc = contents(fs::path(CUPEL_SOURCE_DIR) / "tests" / "op" / "samples.inc");
  constexpr std::string_view body_begin = "[](operations& op) {";
  constexpr std::string_view body_end = " }, {R\"q(";
  constexpr std::string_view no_statements = " }, {}}";
  const std::string head =
      "#include <cupel/op.hpp>\n#include <limits>\n#include <string>\n#include <vector>\nnamespace { using namespace cupel; constexpr "
      "revision rev{.id = \"every\"};\nvoid upgrade(operations& op) {\n";
  std::string text = head;
  std::size_t at = 0;
  std::size_t bodies = 0;
  for (std::size_t begin = inc.find(body_begin); begin != std::string::npos; begin = inc.find(body_begin, at)) {
    const std::size_t end = std::min(inc.find(body_end, begin), inc.find(no_statements, begin));
    ASSERT_NE(end, std::string::npos);
    text.append(static_cast<std::size_t>(
                    std::count(inc.begin() + static_cast<std::ptrdiff_t>(at), inc.begin() + static_cast<std::ptrdiff_t>(begin), '\n')),
                '\n');
    text += "{" + inc.substr(begin + body_begin.size(), end - begin - body_begin.size()) + "}";
    at = end;
    ++bodies;
  }
  text += "\n}\nregistered self{rev, upgrade};\n}\n";
  const std::size_t shift = static_cast<std::size_t>(std::ranges::count(head, '\n'));

  std::vector<std::string> expected;
  const std::vector<op::Sample> samples = op::samples();
  EXPECT_EQ(bodies, samples.size());
  for (const op::Sample& sample : samples) {
    op::Recorder recorder;
    operations op(recorder);
    sample.run(op);
    for (const op::RecordedOperation& one : recorder.operations()) {
      if (is_mark(one)) expected.push_back(line_of(false, "every.cpp", one.line + shift, op::name(one.kind), ""));
      for (const std::string& sql : one.statements)
        expected.push_back(line_of(false, "every.cpp", one.line + shift, op::name(one.kind), sql));
    }
  }
  const Analysis analysis = analyse_in_thread("every.cpp", text);
  EXPECT_EQ(analysis.errors, 0U) << analysis.first_error;
  EXPECT_EQ(joined(read(analysis, text)), joined(expected));
}

}  // namespace
}  // namespace cupel::cxx

// Recordings, and the revision's text that is made of them.
#include "op/recorder.h"

#include "op/revision_text.h"
#include "tests/op/recorded.h"

#include <string>
#include <vector>

#include <cupel/connection.hpp>
#include <gmock/gmock.h>

namespace cupel::op {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> no_suppressions(const std::string& /*file*/, unsigned /*line*/) { return {}; }

std::string text_of(const RecordedRevision& revision) {
  std::string error;
  std::string text = revision_text(revision, no_suppressions, error);
  EXPECT_EQ(error, "");
  return text;
}

RecordedRevision revision_of(std::vector<RecordedOperation> upgrade) {
  RecordedRevision revision;
  revision.file = "migrations/a.cpp";
  revision.id = "a1";
  for (RecordedOperation& operation : upgrade) {
    operation.file = "migrations/a.cpp";
    operation.line = 7;
  }
  revision.upgrade = std::move(upgrade);
  return revision;
}

TEST(Recorder, notes_operations_in_order_with_their_lines) {
  unsigned line = 0;
  const Recorded recorded = record([&](operations& op) {
    for (const std::string table : {"a", "b"}) op.drop_table(table);
    line = __LINE__ - 1;
  });
  EXPECT_THAT(recorded.sql, ElementsAre("DROP TABLE a", "DROP TABLE b"));
  EXPECT_EQ(recorded.operations[1].line, line);
  EXPECT_THAT(recorded.operations[1].file, HasSubstr("recorder_test.cpp"));
}

TEST(Recorder, ends_where_data_is_asked_for) {
  const Recorded recorded = record([](operations& op) {
    op.drop_table("a");
    connection db = op.bind();
    for (const row& one : db.query("SELECT name FROM tables")) op.drop_table(one[0].text());
  });
  EXPECT_THAT(recorded.sql, ElementsAre("DROP TABLE a"));
  EXPECT_TRUE(recorded.live);
  EXPECT_EQ(recorded.error, "");
}

TEST(Recorder, goes_on_after_nothing_that_failed) {
  const Recorded recorded = record([](operations& op) {
    try {
      op.drop_table("");
    } catch (...) {}
    op.drop_table("b");
  });
  EXPECT_TRUE(recorded.sql.empty());
  EXPECT_NE(recorded.error, "");
}

TEST(RevisionText, one_transaction) {
  RecordedRevision revision = revision_of(record([](operations& op) {
                                            op.drop_table("a");
                                            op.backfill("b", {.set = "c = 1", .key = "id"});
                                            op.execute("SELECT 1;");
                                            op.execute("SELECT 2 -- ;");
                                          }).operations);
  revision.down = "a0";
  revision.label = "billing";
  revision.depends_on = "x1, x2";
  revision.has_downgrade = true;
  EXPECT_EQ(
      text_of(revision),
      "-- recorded from migrations/a.cpp\n-- cupel:revision a1\n-- cupel:parent a0\n-- cupel:label billing\n"
      "-- cupel:depends-on x1, x2\n\n-- cupel:upgrade\n\n-- a.cpp:7 drop_table\nDROP TABLE a;\n\n-- a.cpp:7 backfill\n"
      "-- cupel:backfill key=id batch=1000\nUPDATE b SET c = 1;\n\n-- a.cpp:7 execute\nSELECT 1;\n\n-- a.cpp:7 execute\nSELECT 2 -- ;\n;\n"
      "\n-- cupel:downgrade\n");
}

TEST(RevisionText, autocommit_cuts_the_transaction) {
  const RecordedRevision revision = revision_of(record([](operations& op) {
                                                  op.drop_table("a");
                                                  op.autocommit([&] {
                                                    op.execute("VACUUM b");
                                                    op.execute("VACUUM c");
                                                  });
                                                  op.drop_table("d");
                                                }).operations);
  EXPECT_EQ(
      text_of(revision),
      "-- recorded from migrations/a.cpp\n-- cupel:revision a1\n-- cupel:parent none\n\n-- cupel:upgrade\n-- cupel:transaction none\n"
      "\nBEGIN;\n\n-- a.cpp:7 drop_table\nDROP TABLE a;\n\nCOMMIT;\n\n-- a.cpp:7 execute\nVACUUM b;\n\n-- a.cpp:7 execute\nVACUUM c;\n"
      "\nBEGIN;\n\n-- a.cpp:7 drop_table\nDROP TABLE d;\n\nCOMMIT;\n");
}

TEST(RevisionText, without_transaction) {
  RecordedRevision revision = revision_of(record([](operations& op) { op.execute("VACUUM b"); }).operations);
  revision.transactional = false;
  EXPECT_THAT(text_of(revision), HasSubstr("-- cupel:upgrade\n-- cupel:transaction none\n\n-- a.cpp:7 execute\nVACUUM b;\n"));
}

TEST(RevisionText, sql_does_not_become_a_directive) {
  const RecordedRevision revision =
      revision_of(record([](operations& op) { op.execute("SELECT 1; -- cupel:downgrade\nSELECT 2"); }).operations);
  std::string error;
  EXPECT_EQ(revision_text(revision, no_suppressions, error), "");
  EXPECT_THAT(error, HasSubstr("migrations/a.cpp:7: execute: its SQL has the comment cupel:downgrade"));
}

TEST(RevisionText, suppressions_come_along) {
  const RecordedRevision revision = revision_of(record([](operations& op) { op.drop_table("a"); }).operations);
  std::string error;
  const auto suppressions = [](const std::string& file, unsigned line) -> std::vector<std::string> {
    EXPECT_EQ(file, "migrations/a.cpp");
    if (line == 0) return {"ignore-file rule: whole"};
    return {"ignore table-dropped: nobody reads it"};
  };
  const std::string text = revision_text(revision, suppressions, error);
  EXPECT_THAT(text, HasSubstr("-- cupel:ignore-file rule: whole\n\n-- cupel:upgrade"));
  EXPECT_THAT(text, HasSubstr("drop_table\n-- cupel:ignore table-dropped: nobody reads it\nDROP TABLE a;"));
}

}  // namespace
}  // namespace cupel::op

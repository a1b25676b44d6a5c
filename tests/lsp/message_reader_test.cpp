#include "lsp/message_reader.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cupel::lsp {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// What comes out of a stream; "!" stands before what was wrong with it.
std::vector<std::string> drained(MessageReader& reader) {
  std::vector<std::string> told;
  while (const std::optional<Result<std::string>> next = reader.next()) told.push_back(*next ? **next : "!" + next->error().message);
  return told;
}

std::vector<std::string> read_whole(std::string_view bytes) {
  MessageReader reader;
  reader.feed(bytes);
  return drained(reader);
}

TEST(MessageReader, CutsMessagesOutOfTheStream) {
  EXPECT_THAT(read_whole(framed("{\"a\":1}") + framed("") + framed("\xc3\xa9")), ElementsAre("{\"a\":1}", "", "\xc3\xa9"));
}

TEST(MessageReader, DoesNotCareHowTheBytesCome) {
  const std::string bytes =
      framed("first") + "Content-Type: application/vscode-jsonrpc; charset=utf-8\r\ncontent-length:6\r\n\r\nsecond" + framed("third");
  for (std::size_t size = 1; size <= bytes.size(); ++size) {
    MessageReader reader;
    std::vector<std::string> told;
    for (std::size_t at = 0; at < bytes.size(); at += size) {
      reader.feed(std::string_view(bytes).substr(at, size));
      for (std::string& message : drained(reader)) told.push_back(std::move(message));
    }
    EXPECT_THAT(told, ElementsAre("first", "second", "third")) << size;
    EXPECT_TRUE(reader.is_between_messages());
  }
}

TEST(MessageReader, WaitsForTheRest) {
  MessageReader reader;
  reader.feed("Content-Length: 5\r\n\r\nhel");
  EXPECT_FALSE(reader.next());
  EXPECT_FALSE(reader.is_between_messages());
  reader.feed("lo");
  EXPECT_THAT(drained(reader), ElementsAre("hello"));
}

TEST(MessageReader, TakesLineEndsWithoutCarriageReturn) { EXPECT_THAT(read_whole("Content-Length: 2\n\nok"), ElementsAre("ok")); }

TEST(MessageReader, SaysWhatIsWrongAndGoesOnWithTheNextHeader) {
  const auto good = framed("good");
  EXPECT_THAT(read_whole("Content-Length: many\r\n\r\nxx" + good), ElementsAre(HasSubstr("no number"), "good"));
  EXPECT_THAT(read_whole("Content-Length: -3\r\n\r\nxx" + good), ElementsAre(HasSubstr("no number"), "good"));
  EXPECT_THAT(read_whole("Content-Type: x\r\n\r\n" + good), ElementsAre(HasSubstr("no Content-Length"), "good"));
  EXPECT_THAT(read_whole("no header at all\r\n\r\n" + good), ElementsAre(HasSubstr("no \"Name: value\""), "good"));
  EXPECT_THAT(read_whole("Content-Length: 99999999999\r\n\r\n" + good), ElementsAre(HasSubstr("at most"), "good"));
  EXPECT_THAT(read_whole("Content-Length: 99999999999999999999999\r\n\r\n" + good), ElementsAre(HasSubstr("no number"), "good"));
}

TEST(MessageReader, DoesNotWaitForEverForTheEndOfAHeader) {
  EXPECT_THAT(read_whole(std::string(100'000, 'x') + framed("good")), ElementsAre(HasSubstr("no end of the header"), "good"));
}

TEST(MessageReader, ReadsALargeMessageThatComesInSmallPieces) {
  const std::string body(20 << 20, 'x');
  const std::string bytes = framed(body);
  MessageReader reader;
  std::vector<std::string> told;
  for (std::size_t at = 0; at < bytes.size(); at += 65536) {
    reader.feed(std::string_view(bytes).substr(at, 65536));
    for (std::string& message : drained(reader)) told.push_back(std::move(message));
  }
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told.front().size(), body.size());
}

}  // namespace
}  // namespace cupel::lsp

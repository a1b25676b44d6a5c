// The small value types: Span, Result, closest_match.
#include "base/result.h"
#include "base/span.h"
#include "base/suggest.h"

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <gtest/gtest.h>

namespace cupel {
namespace {

TEST(Span, CutsItselfToTheText) {
  EXPECT_EQ((Span{1, 3}.of("abcd")), "bc");
  EXPECT_EQ((Span{2, 9}.of("abcd")), "cd");
  EXPECT_EQ((Span{4, 9}.of("abcd")), "");
  EXPECT_EQ((Span{7, 9}.of("abcd")), "");
}

TEST(Span, ReversedIsEmpty) {
  EXPECT_TRUE((Span{5, 3}.empty()));
  EXPECT_EQ((Span{5, 3}.size()), 0U);
  EXPECT_EQ((Span{5, 3}.of("abcdefgh")), "");
  EXPECT_TRUE((Span{3, 5}.contains(4)));
  EXPECT_FALSE((Span{3, 5}.contains(5)));
}

Result<int> half(int number) {
  if (number % 2 != 0) return Error{ErrorCode::usage, "odd"};
  return number / 2;
}

Result<int> quarter(int number) {
  TRY_ASSIGN(const int once, half(number));
  TRY_ASSIGN(const int twice, half(once));
  return twice;
}

Status check_even(int number) {
  TRY_VOID(half(number));
  return success();
}

TEST(Result, CarriesValueOrError) {
  const Result<int> good = quarter(12);
  ASSERT_TRUE(good);
  EXPECT_EQ(*good, 3);
  const Result<int> bad = quarter(6);
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().code, ErrorCode::usage);
  EXPECT_EQ(bad.error().message, "odd");
  EXPECT_TRUE(check_even(2));
  EXPECT_FALSE(check_even(3));
}

TEST(Result, MovesWhatCannotBeCopied) {
  Result<std::unique_ptr<int>> result = std::make_unique<int>(7);
  ASSERT_TRUE(result);
  const std::unique_ptr<int> taken = *std::move(result);
  EXPECT_EQ(*taken, 7);
}

TEST(ClosestMatch, FindsTypingErrorsOnly) {
  constexpr std::array<std::string_view, 3> words = {"layout", "pg_version", "fail_on"};
  EXPECT_EQ(closest_match("layuot", words), "layout");
  EXPECT_EQ(closest_match("pgversion", words), "pg_version");
  EXPECT_EQ(closest_match("colour", words), std::nullopt);
  EXPECT_EQ(closest_match("x", {}), std::nullopt);
}

}  // namespace
}  // namespace cupel

#include "base/sha256.h"

#include <string>

#include <gtest/gtest.h>

namespace cupel {
namespace {

std::string hexadecimal(const Sha256::Digest& digest) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const std::uint8_t byte : digest) text.append(1, digits[byte >> 4]).append(1, digits[byte & 15]);
  return text;
}

// NIST, "Examples with Intermediate Values", SHA-256, and the long messages of FIPS 180-2, appendix B.
TEST(Sha256, OfPublishedExamples) {
  EXPECT_EQ(hexadecimal(Sha256().digest()), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(hexadecimal(Sha256().update("abc").digest()), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hexadecimal(Sha256().update("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq").digest()),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(hexadecimal(Sha256().update(std::string(1'000'000, 'a')).digest()),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

// What coreutils' sha256sum says of the same bytes, at the lengths where the padding needs another block.
TEST(Sha256, IsTheSameInPieces) {
  for (const std::size_t size : {54U, 55U, 56U, 63U, 64U, 65U, 119U, 120U, 128U}) {
    const std::string text(size, 'x');
    Sha256 pieces;
    for (const char byte : text) pieces.update(std::string_view(&byte, 1));
    EXPECT_EQ(pieces.digest(), Sha256().update(text).digest()) << size;
  }
  EXPECT_EQ(hexadecimal(Sha256().update(std::string(55, 'x')).digest()),
            "d5e285683cd4efc02d021a5c62014694958901005d6f71e89e0989fac77e4072");
  EXPECT_EQ(hexadecimal(Sha256().update(std::string(56, 'x')).digest()),
            "04c26261370ee7541549d16dee320c723e3fd14671e66a099afe0a377c16888e");
  EXPECT_EQ(hexadecimal(Sha256().update(std::string(64, 'x')).digest()),
            "7ce100971f64e7001e8fe5a51973ecdfe1ced42befe7ee8d5fd6219506b5393c");
}

TEST(Sha256, InBase64) { EXPECT_EQ(base64(Sha256().update("abc").digest()), "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="); }

}  // namespace
}  // namespace cupel

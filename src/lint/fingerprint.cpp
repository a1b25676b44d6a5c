#include "lint/fingerprint.h"

#include "sql/script.h"

#include <cstdint>

namespace cupel::lint {
namespace {

// FNV-1a, 64 bits: not secret, only stable.
class Hash {
 public:
  void add(std::string_view bytes) {
    for (const char byte : bytes) {
      state_ ^= static_cast<unsigned char>(byte);
      state_ *= 0x100000001B3U;
    }
    state_ ^= 0xFFU;  // so that "a","bc" is not "ab","c"
    state_ *= 0x100000001B3U;
  }
  [[nodiscard]] std::string hex() const {
    std::string digits;
    for (int shift = 60; shift >= 0; shift -= 4) digits += "0123456789abcdef"[(state_ >> static_cast<unsigned>(shift)) & 0xFU];
    return digits;
  }

 private:
  std::uint64_t state_ = 0xCBF29CE484222325U;
};

}  // namespace

std::string fingerprint(const Finding& finding, std::string_view text) {
  // Long statements are told apart by their beginning well enough.
  constexpr std::size_t longest = 4096;
  Hash hash;
  hash.add(finding.rule);
  hash.add(finding.message);
  hash.add(finding.downgrade ? "down" : "up");
  const std::string_view place = finding.span.of(text).substr(0, longest);
  for (const sql::Token& token : sql::tokens(place)) hash.add(token.span.of(place));
  return hash.hex();
}

}  // namespace cupel::lint

// SHA-256 (FIPS 180-4), for checking what other tools wrote.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace cupel {

class Sha256 {
 public:
  using Digest = std::array<std::uint8_t, 32>;

  Sha256& update(std::string_view bytes);
  // Of all bytes so far; more may follow.
  [[nodiscard]] Digest digest() const;

 private:
  void take_block(const std::uint8_t* block);

  std::array<std::uint32_t, 8> state_ = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  std::array<std::uint8_t, 64> open_{};  // the block that is not full yet
  std::uint64_t bytes_ = 0;
};

// RFC 4648 section 4, with padding.
std::string base64(const Sha256::Digest& digest);

}  // namespace cupel

#include "migrations/meaning_hash.h"

#include "base/ascii.h"
#include "sql/script.h"

#include <cstdint>
#include <cstring>

#include <fmt/format.h>

namespace cupel::migrations {
namespace {

std::uint64_t rotate_left(std::uint64_t value, int bits) { return (value << bits) | (value >> (64 - bits)); }

// Up to eight bytes as a little-endian number, so that the hash is the same on every machine.
std::uint64_t load(std::string_view bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes.size() && i < 8; ++i) value |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
  return value;
}

std::uint64_t finish(std::uint64_t value) {
  value ^= value >> 33;
  value *= 0xff51afd7ed558ccdULL;
  value ^= value >> 33;
  value *= 0xc4ceb9fe1a85ec53ULL;
  return value ^ (value >> 33);
}

std::string murmur_hash_3(std::string_view bytes) {
  constexpr std::uint64_t c1 = 0x87c37b91114253d5ULL;
  constexpr std::uint64_t c2 = 0x4cf5ad432745937fULL;
  const std::uint64_t size = bytes.size();
  std::uint64_t h1 = 0;
  std::uint64_t h2 = 0;
  const auto mix_1 = [&](std::uint64_t k) { h1 ^= rotate_left(k * c1, 31) * c2; };
  const auto mix_2 = [&](std::uint64_t k) { h2 ^= rotate_left(k * c2, 33) * c1; };
  for (; bytes.size() >= 16; bytes.remove_prefix(16)) {
    mix_1(load(bytes.substr(0, 8)));
    h1 = (rotate_left(h1, 27) + h2) * 5 + 0x52dce729;
    mix_2(load(bytes.substr(8, 8)));
    h2 = (rotate_left(h2, 31) + h1) * 5 + 0x38495ab5;
  }
  if (bytes.size() > 8) mix_2(load(bytes.substr(8)));
  if (!bytes.empty()) mix_1(load(bytes.substr(0, 8)));
  h1 ^= size;
  h2 ^= size;
  h1 += h2;
  h2 += h1;
  h1 = finish(h1);
  h2 = finish(h2);
  h1 += h2;
  h2 += h1;
  return fmt::format("{:016x}{:016x}", h1, h2);
}

bool is_unquoted(sql::TokenKind kind) { return kind == sql::TokenKind::word || kind == sql::TokenKind::number; }

}  // namespace

std::string meaning_hash(std::string_view text, std::span<const Span> chunks) {
  const Span whole{0, static_cast<std::uint32_t>(text.size())};
  if (chunks.empty()) chunks = std::span(&whole, 1);
  std::string meaning;
  meaning.reserve(text.size());
  for (const Span chunk : chunks) {
    const std::string_view part = chunk.of(text);
    for (const sql::Token& token : sql::tokens(part)) {
      for (const char c : token.span.of(part)) {
        if (c == '\r') continue;  // in a string or body: the line end a checkout may have changed
        meaning += is_unquoted(token.kind) ? to_lower(c) : c;
      }
      meaning += '\0';  // no text that PostgreSQL accepts holds this byte
    }
  }
  return murmur_hash_3(meaning);
}

}  // namespace cupel::migrations

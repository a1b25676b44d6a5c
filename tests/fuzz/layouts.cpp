// Any bytes as a file of a folder that each layout looks at: migrations, plans, changelogs, journals.
#include "migrations/layout.h"
#include "tests/migrations/memory_folder.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using namespace cupel::migrations;

constexpr std::array<std::string_view, 20> names = {
    "changelog.xml",      "changelog.yaml",      "changelog.json",       "0001_a.sql", "20240101_000000_a.sql",
    "meta/_journal.json", "sqitch.plan",         "sqitch.conf",          "atlas.sum",  "upgrade_1.sh",
    "V1__a.sql",          "1704106800000_a.sql", "cupel.lock",           "1_a/up.sql", "1_a/metadata.toml",
    "1_a.up.sql",         "migrations.yml",      "committed/000001.sql", "V1__a.conf", "R__a.sql"};

void check(const MigrationSet& set, const Part& part) {
  if (part.source >= set.sources.size()) __builtin_trap();
  const std::size_t size = set.sources[part.source]->text().size();
  for (const cupel::Span chunk : part.chunks) {
    if (chunk.begin > chunk.end || chunk.end > size) __builtin_trap();
  }
  for (const cupel::Span hole : part.placeholders) {
    if (hole.begin > hole.end || hole.end > size) __builtin_trap();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  MemoryFolder::Files files = {{"0002_b.sql", "SELECT 1;"}, {"deploy/a.sql", "SELECT 2;"}};
  files[std::string(names[data[0] % names.size()])] = std::string(reinterpret_cast<const char*>(data) + 1, size - 1);
  const MemoryFolder folder(files);
  for (const Layout* layout : layouts()) {
    layout->recognise(folder);
    const cupel::Result<MigrationSet> set = layout->read(folder);
    if (!set) continue;
    for (const Migration& migration : set->migrations) {
      if (migration.upgrade) check(*set, *migration.upgrade);
      if (migration.downgrade) check(*set, *migration.downgrade);
    }
    for (const Problem& problem : set->problems) {
      if (problem.source >= set->sources.size() || problem.span.begin > problem.span.end) __builtin_trap();
    }
  }
  return 0;
}

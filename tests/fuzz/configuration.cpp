// Any bytes as cupel.toml, as cupel.lock and as the directives of a migration in cupel's own layout.
#include "cli/configuration.h"

#include "lint/suppression.h"
#include "migrations/layout.h"
#include "migrations/lock_file.h"
#include "sql/script.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cupel;
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  const Result<cli::Configuration> configuration = cli::parse_configuration(bytes, "cupel.toml", "");
  if (!configuration && configuration.error().message.empty()) __builtin_trap();
  for (const migrations::Layout* layout : migrations::layouts()) {
    const Result<migrations::MigrationSet> set = migrations::read_text("20240101_000000_fuzz.sql", bytes, layout->name);
    if (!set && set.error().message.empty()) __builtin_trap();
  }
  const auto source = std::make_shared<const SourceText>("cupel.lock", bytes);
  const migrations::LockFileReading lock = migrations::parse_lock_file(source);
  if (lock.error && lock.error->span.end > bytes.size()) __builtin_trap();
  if (!lock.error) {
    migrations::MigrationSet set;
    set.sources.push_back(source);
    for (const migrations::Problem& problem : migrations::compare(lock.file, set, migrations::Extent::whole_folder)) {
      if (problem.span.end > bytes.size()) __builtin_trap();
    }
  }
  for (const lint::Suppression& suppression : lint::find_suppressions(bytes, {})) {
    if (suppression.span.end > bytes.size()) __builtin_trap();
  }
  return 0;
}

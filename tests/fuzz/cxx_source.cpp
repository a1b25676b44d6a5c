// Any bytes as a C++ source: the analysis answers, in bounded time.
#include "cxx/analysis.h"
#include "cxx/protocol.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include <pthread.h>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);  // NOLINT

namespace {

void* run(void* given) {
  cupel::cxx::Settings settings;
  settings.steps = 50'000;
  settings.seconds = 2;
  const cupel::cxx::Analysis analysis = cupel::cxx::analyse("fuzz.cpp", *static_cast<std::string_view*>(given), settings);
  // Every place lies in the source.
  for (const cupel::cxx::Item& item : analysis.items) {
    for (const cupel::cxx::Stretch& stretch : item.text) {
      if (stretch.place.file == 0 && stretch.place.end > static_cast<std::string_view*>(given)->size()) std::abort();
    }
  }
  (void)cupel::cxx::to_json(analysis);
  return nullptr;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, std::size_t{512} << 20U);
  pthread_t thread{};
  if (pthread_create(&thread, &attributes, run, &text) == 0) pthread_join(thread, nullptr);
  pthread_attr_destroy(&attributes);
  return 0;
}

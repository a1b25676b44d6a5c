#include "tests/cxx/analysed.h"

#include <cstddef>
#include <utility>

#include <gtest/gtest.h>
#include <pthread.h>

namespace cupel::cxx {
namespace {

struct Job {
  std::string file;
  std::string_view text;
  Settings settings;
  std::optional<std::vector<std::string>> flags;
  Analysis analysis;
};

}  // namespace

Analysis analyse_in_thread(const std::string& file, std::string_view text, const Settings& settings,
                           const std::optional<std::vector<std::string>>& flags) {
  Job job{file, text, settings, flags, {}};
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, std::size_t{512} << 20U);
  pthread_t thread{};
  const auto run = [](void* given) -> void* {
    auto* one = static_cast<Job*>(given);
    one->analysis = one->flags ? analyse_with_real_headers(one->file, one->text, one->settings, *one->flags)
                               : analyse(one->file, one->text, one->settings);
    return nullptr;
  };
  EXPECT_EQ(pthread_create(&thread, &attributes, run, &job), 0);
  pthread_join(thread, nullptr);
  pthread_attr_destroy(&attributes);
  return std::move(job.analysis);
}

}  // namespace cupel::cxx

// cupel-cxx: reads C++ sources for `cupel lint`. A line of settings and one line per file come in, one line per file goes out, in
// any order. Not meant to be called by hand.
#include "cxx/analysis.h"
#include "cxx/protocol.h"

#include <cerrno>
#include <cstddef>
#include <deque>
#include <fstream>
#include <iterator>
#include <mutex>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <pthread.h>
#include <unistd.h>

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace {

// Deep nesting is walked recursively; the pages that are not used cost nothing.
constexpr std::size_t stack_bytes = std::size_t{512} << 20U;
constexpr std::size_t largest_file = std::size_t{16} << 20U;

bool write_line(std::string line) {
  line += '\n';
  std::string_view left = line;
  while (!left.empty()) {
    const ssize_t count = ::write(STDOUT_FILENO, left.data(), left.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    left.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

std::optional<std::string> read_line(std::string& buffered) {
  while (true) {
    if (const std::size_t end = buffered.find('\n'); end != std::string::npos) {
      std::string line = buffered.substr(0, end);
      buffered.erase(0, end + 1);
      return line;
    }
    char bytes[65536];
    const ssize_t count = ::read(STDIN_FILENO, bytes, sizeof bytes);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return std::nullopt;
    buffered.append(bytes, static_cast<std::size_t>(count));
  }
}

std::string answer(const cupel::cxx::Request& request, const cupel::cxx::Settings& settings) {
  std::string text = request.text;
  if (!request.has_text) {
    std::ifstream stream(request.file, std::ios::binary);
    if (!stream) return cupel::cxx::to_json(request.file, "it cannot be read");
    text.assign(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>());
  }
  if (text.size() > largest_file) return cupel::cxx::to_json(request.file, "it is larger than 16 MiB");
  try {
    return cupel::cxx::to_json(cupel::cxx::analyse(request.file, text, settings));
  } catch (const std::exception& error) { return cupel::cxx::to_json(request.file, error.what()); }
}

struct Work {
  std::deque<cupel::cxx::Request> requests;
  cupel::cxx::Settings settings;
  std::mutex mutex;  // for `requests` and the output

  void run() {
    while (true) {
      cupel::cxx::Request request;
      {
        const std::lock_guard lock(mutex);
        if (requests.empty()) return;
        request = std::move(requests.front());
        requests.pop_front();
      }
      std::string line = answer(request, settings);
      const std::lock_guard lock(mutex);
      if (!write_line(std::move(line))) return;
    }
  }
};

// What a source's syntax tree took is kept for the next one, and taken from the system in large pieces. A thread alone uses the heap
// of the program: those that the C library makes for threads grow by one page at a time, which took a fifth of a source's time.
void keep_memory([[maybe_unused]] bool one_thread) {
#ifdef __GLIBC__
  constexpr int megabyte = 1 << 20;
  ::mallopt(M_TOP_PAD, 8 * megabyte);
  ::mallopt(M_TRIM_THRESHOLD, 1024 * megabyte - 1);
  ::mallopt(M_MMAP_THRESHOLD, 16 * megabyte);
  if (one_thread) ::mallopt(M_ARENA_MAX, 1);
#endif
}

void* run_work(void* work) {
  static_cast<Work*>(work)->run();
  return nullptr;
}

}  // namespace

int main() {
  std::string buffered;
  const std::optional<std::string> first = read_line(buffered);
  unsigned threads = 0;
  const cupel::Result<cupel::cxx::Settings> settings = cupel::cxx::parse_settings(first.value_or(""), threads);
  if (!settings) {
    write_line(cupel::cxx::to_json("", settings.error().message));
    return 2;
  }
  Work work;
  work.settings = *settings;
  while (const std::optional<std::string> line = read_line(buffered)) {
    if (line->empty()) continue;
    const cupel::Result<cupel::cxx::Request> request = cupel::cxx::parse_request(*line);
    if (!request) {
      write_line(cupel::cxx::to_json("", request.error().message));
      return 2;
    }
    work.requests.push_back(*request);
  }
  if (threads == 0) threads = std::max(1U, std::thread::hardware_concurrency());
  const std::size_t wanted = std::min<std::size_t>(threads, work.requests.size());
  keep_memory(wanted == 1);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, stack_bytes);
  std::vector<pthread_t> workers(wanted);
  std::size_t started = 0;
  for (pthread_t& worker : workers) {
    if (pthread_create(&worker, &attributes, run_work, &work) != 0) break;
    ++started;
  }
  if (started == 0) work.run();
  for (std::size_t i = 0; i < started; ++i) pthread_join(workers[i], nullptr);
  pthread_attr_destroy(&attributes);
  // What is left would only be freed, one node of syntax trees after the other.
  ::_exit(0);
}

#include "cli/cxx_record.h"

#include "cli/cxx_suppressions.h"
#include "op/module.h"
#include "op/revision_text.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <optional>

#include <fmt/format.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

namespace cupel::cli {
namespace {

using Clock = std::chrono::steady_clock;

// What the other process sends: words, each after its length. The first of a message says what it is: "begin" and what is about to
// run, "revision" and its members, "error" and why.
class Sender {
 public:
  explicit Sender(int descriptor) : descriptor_(descriptor) {}

  void send(const std::vector<std::string>& words) const {
    std::string bytes;
    append_number(bytes, words.size());
    for (const std::string& word : words) {
      append_number(bytes, word.size());
      bytes += word;
    }
    for (std::size_t sent = 0; sent < bytes.size();) {
      const ssize_t count = ::write(descriptor_, bytes.data() + sent, bytes.size() - sent);
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return;  // nobody listens any more
      sent += static_cast<std::size_t>(count);
    }
  }

 private:
  static void append_number(std::string& bytes, std::uint64_t number) {
    bytes.append(reinterpret_cast<const char*>(&number), sizeof number);
  }
  int descriptor_;
};

// Takes whole messages out of what has arrived.
class Receiver {
 public:
  void add(std::string_view bytes) { bytes_ += bytes; }
  std::optional<std::vector<std::string>> next() {
    std::size_t at = begin_;
    std::uint64_t count = 0;
    if (!read_number(at, count)) return std::nullopt;
    std::vector<std::string> words;
    for (std::uint64_t i = 0; i < count; ++i) {
      std::uint64_t size = 0;
      if (!read_number(at, size) || bytes_.size() - at < size) return std::nullopt;
      words.push_back(bytes_.substr(at, size));
      at += size;
    }
    begin_ = at;
    return words;
  }

 private:
  bool read_number(std::size_t& at, std::uint64_t& number) const {
    if (bytes_.size() - at < sizeof number) return false;
    std::memcpy(&number, bytes_.data() + at, sizeof number);
    at += sizeof number;
    return true;
  }
  std::string bytes_;
  std::size_t begin_ = 0;
};

// One direction, or an error that names the place.
std::string record(const op::Module& module, const registered& revision, op::Module::Direction direction, op::Recorder& recorder) {
  const op::Module::Outcome outcome = module.run(revision, direction, recorder);
  if (!recorder.error().empty()) return recorder.error();
  if (outcome.ending == op::Module::Ending::threw && !recorder.is_live())
    return fmt::format("{}: {} of revision {} threw: {}", revision.where().file,
                       direction == op::Module::Direction::upgrade ? "upgrade" : "downgrade", revision.about().id, outcome.message);
  return {};
}

// A revision that reads data is one transaction: what was done must be all or nothing, since it cannot be told apart afterwards.
std::string live_problem(const op::RecordedRevision& revision) {
  if (!revision.upgrade_is_live && !revision.downgrade_is_live) return {};
  if (!revision.transactional)
    return fmt::format("{}: revision {} reads data (op.bind()), so it runs in one transaction: .transactional cannot be false",
                       revision.file, revision.id);
  for (const auto* operations : {&revision.upgrade, &revision.downgrade}) {
    if (!(operations == &revision.upgrade ? revision.upgrade_is_live : revision.downgrade_is_live)) continue;
    for (const op::RecordedOperation& operation : *operations) {
      if (operation.kind != request_kind::begin_autocommit && operation.kind != request_kind::backfill) continue;
      return fmt::format("{}:{}: revision {} reads data (op.bind()), so it runs in one transaction: put {} into a revision of its own",
                         operation.file, operation.line, revision.id,
                         operation.kind == request_kind::backfill ? "the backfill" : "autocommit");
    }
  }
  return {};
}

// In the other process. False: it ends.
bool record_revision(const Sender& out, const std::string& file, const op::Module& module, const registered& one,
                     CxxSuppressions& suppressions) {
  const revision& about = one.about();
  out.send({"begin", fmt::format("revision {} ({})", about.id, one.where().file)});
  const auto fail = [&](const std::string& error) {
    out.send({"error", error});
    return false;
  };
  if (*about.id == '\0') return fail(fmt::format("{}:{}: the revision has no .id", one.where().file, one.where().line));
  if (one.upgrade() == nullptr)
    return fail(fmt::format("{}:{}: revision {} has no upgrade function", one.where().file, one.where().line, about.id));
  op::RecordedRevision recorded;
  recorded.file = one.where().file;
  recorded.id = about.id;
  recorded.down = about.down;
  recorded.message = about.message;
  recorded.label = about.label;
  recorded.depends_on = about.depends_on;
  recorded.transactional = about.transactional;
  op::Recorder upgrade;
  if (const std::string error = record(module, one, op::Module::Direction::upgrade, upgrade); !error.empty()) return fail(error);
  recorded.upgrade = upgrade.operations();
  op::Recorder downgrade;
  recorded.has_downgrade = one.downgrade() != nullptr;
  if (recorded.has_downgrade) {
    if (const std::string error = record(module, one, op::Module::Direction::downgrade, downgrade); !error.empty()) return fail(error);
    recorded.downgrade = downgrade.operations();
  }
  recorded.upgrade_is_live = upgrade.is_live();
  recorded.downgrade_is_live = downgrade.is_live();
  if (const std::string problem = live_problem(recorded); !problem.empty()) return fail(problem);
  std::string error;
  const std::string text = op::revision_text(
      recorded, [&](const std::string& source, unsigned line) { return suppressions.at(source, line); }, error);
  if (!error.empty()) return fail(error);
  out.send({"revision", file, about.id, about.message, one.where().file, text, upgrade.is_live() ? "live" : "",
            downgrade.is_live() ? "live" : ""});
  return true;
}

void record_all(const Sender& out, const std::vector<std::string>& files) {
  CxxSuppressions suppressions;
  for (const std::string& file : files) {
    out.send({"begin", fmt::format("the module {} (while it was loaded)", file)});
    std::string error;
    const std::unique_ptr<op::Module> module = op::Module::load(file, error);
    if (module == nullptr) return out.send({"error", error});
    for (const registered* one : module->revisions()) {
      if (!record_revision(out, file, *module, *one, suppressions)) return;
    }
  }
  out.send({"end"});
}

// The other process.
class Child {
 public:
  static Result<Child> start(const std::vector<std::string>& modules) {
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0) return Error{ErrorCode::unreadable, fmt::format("cannot make a pipe: {}", std::strerror(errno))};
    const pid_t process = ::fork();
    if (process == 0) {
      ::close(ends[0]);
      ::signal(SIGPIPE, SIG_IGN);
      ::dup2(STDERR_FILENO, STDOUT_FILENO);  // ours is for results
      record_all(Sender(ends[1]), modules);
      std::fflush(nullptr);  // what the code printed
      ::_exit(0);
    }
    ::close(ends[1]);
    if (process < 0) return Error{ErrorCode::unreadable, fmt::format("cannot start a process: {}", std::strerror(errno))};
    return Child(process, ends[0]);
  }
  Child(Child&& other) noexcept : process_(std::exchange(other.process_, -1)), descriptor_(other.descriptor_) {}
  Child& operator=(Child&&) = delete;
  ~Child() {
    if (process_ > 0) end(true);
  }

  // Waits for the end; what waitpid says.
  int end(bool by_force) {
    if (by_force) ::kill(process_, SIGKILL);
    ::close(descriptor_);
    int status = 0;
    while (::waitpid(process_, &status, 0) < 0 && errno == EINTR) {}
    process_ = -1;
    return status;
  }

  [[nodiscard]] int descriptor() const { return descriptor_; }

 private:
  Child(pid_t process, int descriptor) : process_(process), descriptor_(descriptor) {}
  pid_t process_;
  int descriptor_;
};

}  // namespace

Result<std::vector<ModuleRevision>> record_modules(const std::vector<std::string>& modules, std::chrono::milliseconds timeout) {
  std::vector<ModuleRevision> revisions;
  if (modules.empty()) return revisions;
  TRY_ASSIGN(Child child, Child::start(modules));
  const Clock::time_point deadline = Clock::now() + timeout;
  Receiver receiver;
  std::string busy_with = "the modules";
  std::array<char, 65536> buffer{};
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    pollfd waiting{child.descriptor(), POLLIN, 0};
    const int ready = left <= 0 ? 0 : ::poll(&waiting, 1, static_cast<int>(left));
    if (ready < 0 && errno == EINTR) continue;
    if (ready == 0) {
      return Error{ErrorCode::unreadable,
                   fmt::format("{} did not say within {} ms what it does: it may never end, or record_timeout under [cxx] in "
                               "cupel.toml is too short. Nothing was sent to a database",
                               busy_with, timeout.count())};
    }
    const ssize_t count = ::read(child.descriptor(), buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    receiver.add({buffer.data(), static_cast<std::size_t>(count)});
    while (auto words = receiver.next()) {
      const std::string kind = words->at(0);
      if (kind == "begin") busy_with = words->at(1);
      if (kind == "error") return Error{ErrorCode::unreadable, words->at(1)};
      if (kind == "revision") {
        revisions.push_back(
            {words->at(1), words->at(2), words->at(3), words->at(4), words->at(5), words->at(6) == "live", words->at(7) == "live"});
      }
      if (kind == "end") {
        child.end(false);
        return revisions;
      }
    }
  }
  const int status = child.end(false);
  return Error{ErrorCode::unreadable,
               fmt::format("{} ended the process that writes down what it does ({}). Nothing was sent to a database", busy_with,
                           WIFSIGNALED(status) ? fmt::format("signal {}, {}", WTERMSIG(status), ::strsignal(WTERMSIG(status)))
                                               : fmt::format("exit code {}", WEXITSTATUS(status)))};
}

}  // namespace cupel::cli

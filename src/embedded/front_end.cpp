#include "embedded/front_end.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <unordered_map>

#include <fcntl.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace cupel::embedded {
namespace {

using nlohmann::json;

std::string dumped(const json& value) { return value.dump(-1, ' ', false, json::error_handler_t::replace) + "\n"; }

std::string settings_line(const FrontEnd& front_end, unsigned threads) {
  json sinks = json::array();
  for (const cxx::UserSink& sink : front_end.settings.sinks) sinks.push_back({{"call", sink.call}, {"sql", sink.sql}});
  return dumped({{"sinks", std::move(sinks)},
                 {"include", front_end.settings.include_folders},
                 {"define", front_end.settings.defines},
                 {"compilation_database", front_end.settings.compilation_database},
                 {"seconds", front_end.settings.seconds},
                 {"threads", threads}});
}

cxx::Place place_from(const json& value) {
  return {value.at(0).get<std::uint32_t>(), value.at(1).get<std::uint32_t>(), value.at(2).get<std::uint32_t>()};
}

cxx::Item item_from(const json& value) {
  cxx::Item item;
  for (const json& part : value.at("text")) {
    cxx::Stretch stretch;
    stretch.text = part.at(0).get<std::string>();
    stretch.place = {part.at(1).get<std::uint32_t>(), part.at(2).get<std::uint32_t>(), part.at(3).get<std::uint32_t>()};
    stretch.hole = part.size() > 4;
    if (stretch.hole) stretch.reason = part.at(4).get<std::string>();
    item.text.push_back(std::move(stretch));
  }
  item.place = place_from(value.at("place"));
  for (const json& place : value.at("chain")) item.chain.push_back(place_from(place));
  item.reason = value.value("reason", "");
  item.callee = value.at("callee").get<std::string>();
  item.function = value.at("function").get<std::string>();
  const std::string evidence = value.at("evidence").get<std::string>();
  item.evidence = evidence == "resolved" ? cxx::Evidence::resolved : evidence == "name" ? cxx::Evidence::by_name : cxx::Evidence::literal;
  if (value.contains("transaction")) item.transaction = value["transaction"].get<bool>() ? cxx::InTransaction::yes : cxx::InTransaction::no;
  item.transaction_number = value.value("transaction_number", 0);
  item.binds = value.value("binds", false);
  item.conditional = value.value("conditional", false);
  item.repeated = value.value("repeated", false);
  item.downgrade = value.value("downgrade", false);
  item.operation = value.value("operation", "");
  item.revision = value.value("revision", std::size_t{0});
  return item;
}

Answer answer_from(const json& value) {
  Answer answer;
  if (value.contains("failure")) {
    answer.failure = value["failure"].get<std::string>();
    return answer;
  }
  cxx::Analysis& analysis = answer.analysis;
  analysis.files = value.at("files").get<std::vector<std::string>>();
  for (const json& item : value.at("items")) analysis.items.push_back(item_from(item));
  for (const json& comment : value.at("comments")) {
    analysis.comments.push_back({place_from(comment.at("place")), comment.at("text").get<std::string>()});
  }
  for (const json& one : value.value("revisions", json::array())) {
    cxx::Revision& revision = analysis.revisions.emplace_back();
    revision.id = one.at("id").get<std::string>();
    revision.down = one.at("down").get<std::string>();
    revision.message = one.at("message").get<std::string>();
    revision.label = one.at("label").get<std::string>();
    revision.depends_on = one.at("depends_on").get<std::string>();
    revision.transactional = one.at("transactional").get<bool>();
    revision.has_downgrade = one.at("has_downgrade").get<bool>();
    revision.place = place_from(one.at("place"));
    revision.problem = one.at("problem").get<std::string>();
  }
  for (cxx::Item& item : analysis.items) {
    if (item.revision >= analysis.revisions.size()) item.revision = 0;
  }
  analysis.errors = value.at("errors").get<std::size_t>();
  analysis.first_error = value.at("first_error").get<std::string>();
  analysis.limited = value.at("limited").get<bool>();
  if (value.value("headers", "") == "real") analysis.headers = cxx::Headers::real;
  analysis.database_problem = value.value("database_problem", "");
  analysis.migration = value.value("migration", false);
  return answer;
}

// One run of the program over some of the files.
class Run {
 public:
  Run(const FrontEnd& front_end, const std::vector<SourceFile>& files, std::vector<Answer>& answers, std::vector<char>& done)
      : front_end_(front_end), files_(files), answers_(answers), done_(done) {}

  // Empty when it answered everything; otherwise what went wrong.
  std::string run(const std::vector<std::size_t>& wanted, unsigned threads) {
    std::string requests = settings_line(front_end_, threads);
    for (const std::size_t index : wanted) {
      json request = {{"file", files_[index].name}};
      if (files_[index].has_text) request["text"] = files_[index].text;
      requests += dumped(request);
      by_name_[files_[index].name].push_back(index);
    }
    int input[2] = {-1, -1};  // sockets: a write to a program that died must not raise a signal
    int output[2] = {-1, -1};
    if (::socketpair(AF_UNIX, SOCK_STREAM, 0, input) != 0 || ::socketpair(AF_UNIX, SOCK_STREAM, 0, output) != 0) {
      return fmt::format("{} could not be started: {}", front_end_.program, std::strerror(errno));
    }
    for (const int descriptor : {input[0], output[0]}) ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input[1], 0);
    posix_spawn_file_actions_adddup2(&actions, output[1], 1);
    char* const arguments[] = {const_cast<char*>(front_end_.program.c_str()), nullptr};  // NOLINT(cppcoreguidelines-pro-type-const-cast)
    char* const no_environment[] = {nullptr};                                            // what it says depends on the sources only
    pid_t child = -1;
    const int error = ::posix_spawn(&child, front_end_.program.c_str(), &actions, nullptr, arguments, no_environment);
    posix_spawn_file_actions_destroy(&actions);
    ::close(input[1]);
    ::close(output[1]);
    std::string problem;
    if (error != 0) {
      problem = fmt::format("{} could not be started: {}", front_end_.program, std::strerror(error));
    } else {
      problem = talk(input[0], output[0], requests);
    }
    if (input[0] >= 0) ::close(input[0]);
    ::close(output[0]);
    if (error != 0) return problem;
    if (timed_out_) ::kill(child, SIGKILL);
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {}
    const bool complete = std::ranges::all_of(wanted, [this](std::size_t index) { return done_[index] != 0; });
    if (complete) return {};
    if (!problem.empty()) return problem;
    if (WIFSIGNALED(status)) return fmt::format("the program that reads C++ sources crashed (signal {})", WTERMSIG(status));
    return fmt::format("the program that reads C++ sources gave no answer (exit status {})", WEXITSTATUS(status));
  }

 private:
  std::string talk(int& input, int output, std::string_view requests) {
    std::string received;
    // One file may take its whole time, and its parsing some more, before anything is heard.
    const auto patience = std::chrono::milliseconds(static_cast<long long>(front_end_.settings.seconds * 3000) + 5000);
    auto last_word = std::chrono::steady_clock::now();
    while (true) {
      pollfd polled[2] = {{output, POLLIN, 0}, {input, POLLOUT, 0}};
      const int ready = ::poll(polled, requests.empty() ? 1 : 2, 200);
      if (ready < 0 && errno != EINTR)
        return fmt::format("waiting for the program that reads C++ sources failed: {}", std::strerror(errno));
      if (!requests.empty() && (polled[1].revents & (POLLOUT | POLLERR | POLLHUP)) != 0) {
        const ssize_t count = ::send(input, requests.data(), requests.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (count > 0) requests.remove_prefix(static_cast<std::size_t>(count));
        if (count < 0 && errno != EAGAIN && errno != EINTR) requests = {};
        if (requests.empty()) {
          ::close(input);
          input = -1;
        }
      }
      if ((polled[0].revents & (POLLIN | POLLHUP | POLLERR)) != 0) {
        char bytes[65536];
        const ssize_t count = ::recv(output, bytes, sizeof bytes, MSG_DONTWAIT);
        if (count == 0) return {};
        if (count < 0 && errno != EAGAIN && errno != EINTR) return {};
        if (count > 0) {
          received.append(bytes, static_cast<std::size_t>(count));
          last_word = std::chrono::steady_clock::now();
          take_lines(received);
        }
      }
      if (std::chrono::steady_clock::now() - last_word > patience) {
        timed_out_ = true;
        return "the program that reads C++ sources took too long";
      }
    }
  }

  void take_lines(std::string& received) {
    std::size_t begin = 0;
    for (std::size_t end = received.find('\n'); end != std::string::npos; end = received.find('\n', begin)) {
      take(std::string_view(received).substr(begin, end - begin));
      begin = end + 1;
    }
    received.erase(0, begin);
  }

  void take(std::string_view line) {
    const json value = json::parse(line, nullptr, false);
    if (!value.is_object() || !value.contains("file") || !value["file"].is_string()) return;
    const auto found = by_name_.find(value["file"].get<std::string>());
    if (found == by_name_.end() || found->second.empty()) return;
    const std::size_t index = found->second.front();
    found->second.erase(found->second.begin());
    try {
      answers_[index] = answer_from(value);
    } catch (const json::exception& error) {
      answers_[index].failure = fmt::format("the program that reads C++ sources is of another version ({})", error.what());
    }
    done_[index] = 1;
    if (front_end_.progress) front_end_.progress(static_cast<std::size_t>(std::ranges::count(done_, 1)), done_.size());
  }

  const FrontEnd& front_end_;
  const std::vector<SourceFile>& files_;
  std::vector<Answer>& answers_;
  std::vector<char>& done_;
  std::unordered_map<std::string, std::vector<std::size_t>> by_name_;
  bool timed_out_ = false;
};

}  // namespace

std::vector<Answer> ask(const FrontEnd& front_end, const std::vector<SourceFile>& files) {
  std::vector<Answer> answers(files.size());
  std::vector<char> done(files.size(), 0);
  if (front_end.program.empty()) {
    for (Answer& answer : answers) answer.failure = "cupel-cxx, the program that reads C++ sources, was not found beside cupel";
    return answers;
  }
  // A file that ends the program takes others with it: those are asked for again, one after the other, so that it is known which it was.
  constexpr int most_runs = 6;
  std::string problem;
  for (int attempt = 0; attempt < most_runs; ++attempt) {
    std::vector<std::size_t> wanted;
    for (std::size_t i = 0; i < files.size(); ++i) {
      if (done[i] == 0) wanted.push_back(i);
    }
    if (wanted.empty()) return answers;
    problem = Run(front_end, files, answers, done).run(wanted, attempt == 0 ? front_end.threads : 1);
    if (problem.empty()) return answers;
    const bool alone = attempt > 0 || wanted.size() == 1 || front_end.threads == 1;
    if (!alone) continue;
    const auto culprit = std::ranges::find_if(wanted, [&done](std::size_t index) { return done[index] == 0; });
    answers[*culprit].failure = problem;
    done[*culprit] = 1;
  }
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (done[i] == 0) answers[i].failure = problem;
  }
  return answers;
}

}  // namespace cupel::embedded

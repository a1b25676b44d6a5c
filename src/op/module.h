// A module of migrations: a shared library with revisions in it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <cupel/host.hpp>
#include <cupel/revision.hpp>

namespace cupel::op {

class Module {
 public:
  // Loads `file`; loading runs its code. Without a module, `error` says why: what is missing, another ABI version.
  static std::unique_ptr<Module> load(const std::string& file, std::string& error);
  ~Module();
  Module(const Module&) = delete;
  Module& operator=(const Module&) = delete;

  // By id; they live as long as the module.
  [[nodiscard]] const std::vector<const registered*>& revisions() const { return revisions_; }

  enum class Ending { done, stopped, threw };
  struct Outcome {
    Ending ending = Ending::done;
    std::string message;  // of threw
  };
  enum class Direction { upgrade, downgrade };
  // Runs the revision's function on `host`. A revision without a downgrade must not be asked for one.
  Outcome run(const registered& revision, Direction direction, host& host) const;

 private:
  using RunFunction = int (*)(const registered*, int, host*, char*, unsigned long) noexcept;
  Module(void* library, RunFunction function) : library_(library), run_(function) {}

  void* library_;
  RunFunction run_;
  std::vector<const registered*> revisions_;
};

}  // namespace cupel::op

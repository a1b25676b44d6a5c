#include "op/module.h"

#include <algorithm>
#include <array>
#include <cstring>

#include <dlfcn.h>

namespace cupel::op {
namespace {

template <class Function>
Function* function(void* library, const char* name) {
  return reinterpret_cast<Function*>(::dlsym(library, name));
}

}  // namespace

std::unique_ptr<Module> Module::load(const std::string& file, std::string& error) {
  // A name without a slash would be looked for among the system's libraries.
  const std::string path = file.find('/') == std::string::npos ? "./" + file : file;
  void* library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    const char* why = ::dlerror();
    error = "cannot load the module " + file + ": " + (why != nullptr ? why : "unknown reason");
    return nullptr;
  }
  const auto refuse = [&](const std::string& why) {
    error = why;
    ::dlclose(library);
    return nullptr;
  };
  const auto abi = function<unsigned()>(library, "cupel_module_abi");
  if (abi == nullptr)
    return refuse(file + " is no module of migrations: it does not export cupel_module_abi; build it with cupel_add_migrations()");
  if (const unsigned version = abi(); version != CUPEL_MODULE_ABI) {
    return refuse(file + " was built with another version of <cupel/op.hpp> (module ABI " + std::to_string(version) + ", this cupel has " +
                  std::to_string(CUPEL_MODULE_ABI) + "); build it again with this cupel's headers");
  }
  const auto first = function<const registered*()>(library, "cupel_module_revisions");
  const auto run = function<int(const registered*, int, host*, char*, unsigned long) noexcept>(library, "cupel_module_run");
  if (first == nullptr || run == nullptr)
    return refuse(file + " lacks " + (first == nullptr ? "cupel_module_revisions" : "cupel_module_run") +
                  "; build it again with cupel_add_migrations()");
  std::unique_ptr<Module> module(new Module(library, run));
  for (const registered* one = first(); one != nullptr; one = one->next()) module->revisions_.push_back(one);
  std::ranges::sort(module->revisions_,
                    [](const registered* a, const registered* b) { return std::strcmp(a->about().id, b->about().id) < 0; });
  return module;
}

Module::~Module() { ::dlclose(library_); }

Module::Outcome Module::run(const registered& revision, Direction direction, host& host) const {
  std::array<char, 2048> message{};
  const int code = run_(&revision, direction == Direction::downgrade ? 1 : 0, &host, message.data(), message.size());
  if (code == 0) return {Ending::done, {}};
  if (code == 1) return {Ending::stopped, {}};
  return {Ending::threw, message.data()};
}

}  // namespace cupel::op

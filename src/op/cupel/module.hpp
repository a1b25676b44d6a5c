// What a module of migrations exports. Not for migrations to include: cupel_add_migrations() and the program's own compiling put it
// before each file (-include), so that every file has these functions and the linker keeps one of each.
#pragma once

#include <exception>

#include <cupel/operations.hpp>
#include <cupel/revision.hpp>

#define CUPEL_MODULE_EXPORT [[gnu::used, gnu::visibility("default")]] inline

extern "C" {

// How the module was built. Stays as it is in every version: it is asked first.
CUPEL_MODULE_EXPORT unsigned cupel_module_abi() { return CUPEL_MODULE_ABI; }

// The last of the module's revisions; the others follow by next(). Null: it has none.
CUPEL_MODULE_EXPORT const cupel::registered* cupel_module_revisions() { return cupel::registered::first(); }

// Runs a revision's upgrade, or its downgrade, on `host`. 0: done; 1: the host made an operation fail; 2: the migration threw, and
// `message` (of `size` bytes, ended by 0) says what.
CUPEL_MODULE_EXPORT int cupel_module_run(const cupel::registered* revision, int downgrade, cupel::host* host, char* message,
                                         unsigned long size) noexcept {
  const auto note = [&](const char* text) {
    unsigned long length = 0;
    while (length + 1 < size && text[length] != '\0') {
      message[length] = text[length];
      ++length;
    }
    if (size > 0) message[length] = '\0';
  };
  try {
    cupel::operations op(*host);
    (downgrade != 0 ? revision->downgrade() : revision->upgrade())(op);
    return 0;
  } catch (const cupel::stopped&) { return 1; } catch (const std::exception& error) {
    note(error.what());
  } catch (...) { note("an exception that is no std::exception"); }
  return 2;
}

}  // extern "C"

// What a migration file tells about itself, and how it is found in a module.
#pragma once

#include <cupel/text.hpp>

namespace cupel {

class operations;

// constexpr revision rev{.id = "b1e4770c2a11", .down = "3f2a91c07b5d", .message = "orders"};
struct revision {
  const char* id = "";          // unique in the folder
  const char* down = "";        // the revision it comes after; "" if it is the first. A merge names several: "a, b"
  const char* message = "";     // its title
  const char* label = "";       // of a branch; several: "a, b"
  const char* depends_on = "";  // revisions of other branches that it needs: "a, b"
  bool transactional = true;    // false: every statement is a transaction of its own
};

// A migration file ends with one of these: `registered self{rev, upgrade, downgrade};`, in an anonymous namespace.
class registered {
 public:
  using function = void (*)(operations& op);

  // `up`, `down`: the file's upgrade() and downgrade(); no `down`: the revision cannot be taken back. `place`: is filled in.
  registered(const revision& rev, function up, function down = nullptr, source_place place = source_place::here())
      : about_(rev), upgrade_(up), downgrade_(down), where_(place), next_(first()) {
    first() = this;
  }
  registered(const registered&) = delete;
  registered& operator=(const registered&) = delete;

  [[nodiscard]] const revision& about() const { return about_; }
  [[nodiscard]] function upgrade() const { return upgrade_; }
  [[nodiscard]] function downgrade() const { return downgrade_; }
  [[nodiscard]] source_place where() const { return where_; }
  [[nodiscard]] const registered* next() const { return next_; }

  // The last one registered in this module; the list goes on with next().
  static const registered*& first() {
    static const registered* head = nullptr;
    return head;
  }

 private:
  revision about_;
  function upgrade_;
  function downgrade_;
  source_place where_;
  const registered* next_;
};

}  // namespace cupel

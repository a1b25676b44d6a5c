// Internal to src/schema: objects of one sort, found by name, with the undoing of their changes.
#pragma once

#include "schema/objects.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>

namespace cupel::schema {

struct NameView {
  std::string_view schema, name;
};

std::size_t hash_of(std::string_view schema, std::string_view name);

// A set of indices into `slots`, found by the name of the object there: no name is stored twice, and none is built to
// look one up. An object must leave the set before its name changes.
template <class Slot>
class NameIndex {
 public:
  explicit NameIndex(const std::deque<Slot>& slots) : set_(16, Hash{&slots}, Equal{&slots}) {}
  [[nodiscard]] const std::uint32_t* find(NameView name) const {
    auto found = set_.find(name);
    return found == set_.end() ? nullptr : &*found;
  }
  void insert(std::uint32_t index) { set_.insert(index); }
  void erase(std::uint32_t index) { set_.erase(index); }

 private:
  // Not noexcept on purpose: libstdc++ then keeps each element's hash, which growing would otherwise compute again.
  struct Hash {
    using is_transparent = void;
    const std::deque<Slot>* slots;
    std::size_t operator()(NameView name) const { return hash_of(name.schema, name.name); }
    std::size_t operator()(std::uint32_t index) const {
      const ObjectName& name = (*slots)[index].object.name;
      return hash_of(name.schema, name.name);
    }
  };
  struct Equal {
    using is_transparent = void;
    const std::deque<Slot>* slots;
    bool operator()(std::uint32_t a, std::uint32_t b) const { return a == b || (*slots)[a].object.name == (*slots)[b].object.name; }
    bool operator()(NameView name, std::uint32_t index) const {
      const ObjectName& other = (*slots)[index].object.name;
      return other.name == name.name && other.schema == name.schema;
    }
    bool operator()(std::uint32_t index, NameView name) const { return (*this)(name, index); }
  };
  std::unordered_set<std::uint32_t, Hash, Equal> set_;
};

// An object with its place in the journal.
template <class Object>
struct Slot {
  Object object;
  bool exists = true;
  bool to_exist = false;    // while undoing: what `exists` will be
  std::uint32_t saved = 0;  // serial of the scope (mark, transaction, savepoint) in which its state was last kept
};

// Objects of one sort, with their names and the undoing of their changes.
template <class Object>
class Store {
 public:
  // What undoes a change: the state before it. No state: the object was created.
  struct Undo {
    std::uint32_t index;
    std::uint32_t saved;
    bool existed;
    std::unique_ptr<Object> state;
  };

  Store() : names_(slots_) {}
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  [[nodiscard]] std::size_t size() const { return slots_.size(); }
  [[nodiscard]] bool exists(std::uint32_t index) const { return slots_[index].exists; }
  [[nodiscard]] const Object& operator[](std::uint32_t index) const { return slots_[index].object; }
  [[nodiscard]] const std::uint32_t* find(NameView name) const { return names_.find(name); }

  // Direct access: only for what the caller keeps in the journal itself.
  Object& unsaved(std::uint32_t index) { return slots_[index].object; }

  std::uint32_t add(Object object, std::uint32_t scope) {
    auto index = static_cast<std::uint32_t>(slots_.size());
    slots_.push_back(Slot<Object>{std::move(object), true, false, scope});
    names_.insert(index);
    return index;
  }
  // The state to keep before a change, if this is the first one in `scope`; 0: no scope is open.
  std::unique_ptr<Undo> save(std::uint32_t index, std::uint32_t scope) {
    Slot<Object>& slot = slots_[index];
    if (slot.saved >= scope) return nullptr;
    auto undo = std::make_unique<Undo>(Undo{index, slot.saved, slot.exists, std::make_unique<Object>(slot.object)});
    slot.saved = scope;
    return undo;
  }
  void hide(std::uint32_t index) {
    if (!slots_[index].exists) return;
    names_.erase(index);
    slots_[index].exists = false;
  }
  // Around a change of the name.
  void unname(std::uint32_t index) { names_.erase(index); }
  void name(std::uint32_t index) { names_.insert(index); }

  // Undoing goes backwards through the journal three times: hide, restore, show. All objects leave the index of names
  // first, for renames may have swapped their names.
  void restore(Undo& undo) {
    if (undo.state == nullptr) {
      // The last one created goes altogether, so that ids do not depend on what was tried out.
      if (undo.index + 1 == slots_.size()) slots_.pop_back();
      return;
    }
    Slot<Object>& slot = slots_[undo.index];
    slot.object = std::move(*undo.state);
    slot.saved = undo.saved;
    slot.to_exist = undo.existed;
  }
  // True if the object exists from now on and did not before.
  bool show(std::uint32_t index) {
    if (index >= slots_.size() || !slots_[index].to_exist) return false;
    slots_[index].to_exist = false;
    slots_[index].exists = true;
    names_.insert(index);
    return true;
  }

 private:
  std::deque<Slot<Object>> slots_;  // a deque: addresses of objects stay
  NameIndex<Slot<Object>> names_;
};

}  // namespace cupel::schema

// Undoing: ROLLBACK, ROLLBACK TO SAVEPOINT and Database::rewind.
#include "schema/state.h"

#include <algorithm>
#include <cassert>

namespace cupel::schema {

using State = Database::State;

void State::update_scope() {
  scope_ = 0;
  if (!marks.empty()) scope_ = marks.back().serial;
  if (!session.frames.empty()) scope_ = std::max(scope_, session.frames.back().serial);
  if (scope_ == 0) journal_.clear();
}

// ---- transactions ---------------------------------------------------------------------------------------------------

void State::begin() {
  // BEGIN inside a transaction block is only a warning (manual: BEGIN).
  if (!session.frames.empty()) return;
  session.frames.push_back(Frame{{}, journal_.size(), ++last_serial_, session.settings});
  session.settings.begin();
  ++session.transaction;
  update_scope();
}

void State::next_transaction() {
  ++session.transaction;
  // A new session, or the caller ended the transaction: an explicit one that nobody ended has nothing to undo any more.
  if (!session.frames.empty() && !session.settings.in_transaction()) {
    session.frames.clear();
    update_scope();
  }
  for (RelationId id : session.on_commit_drop) {
    if (index_of(id) < relations.size() && relations.exists(index_of(id))) drop(id);
  }
  session.on_commit_drop.clear();
}

void State::commit() {
  session.settings.commit();
  next_transaction();
  session.frames.clear();
  update_scope();
}

void State::rollback() {
  session.settings.rollback();
  if (!session.frames.empty()) undo_to(session.frames.front().journal_size);
  session.frames.clear();
  session.on_commit_drop.clear();
  ++session.transaction;
  update_scope();
}

void State::savepoint(std::string_view name) {
  if (session.frames.empty()) return;  // refused outside a transaction block
  session.frames.push_back(Frame{std::string(name), journal_.size(), ++last_serial_, session.settings});
  update_scope();
}

void State::release(std::string_view name) {
  for (std::size_t i = session.frames.size(); i > 1; --i) {
    if (session.frames[i - 1].savepoint != name) continue;
    session.frames.resize(i - 1);
    update_scope();
    return;
  }
}

void State::rollback_to(std::string_view name) {
  for (std::size_t i = session.frames.size(); i > 1; --i) {
    if (session.frames[i - 1].savepoint != name) continue;
    session.frames.resize(i);
    Frame& frame = session.frames.back();
    undo_to(frame.journal_size);
    session.settings = frame.settings;
    // The savepoint stays: what follows is a new scope.
    frame.journal_size = journal_.size();
    frame.serial = ++last_serial_;
    update_scope();
    return;
  }
}

// ---- marks ------------------------------------------------------------------------------------------------------------

std::size_t State::mark() {
  marks.push_back(Marked{journal_.size(), ++last_serial_, session});
  update_scope();
  return marks.size() - 1;
}

void State::rewind(std::size_t position) {
  assert(position < marks.size());
  Marked marked = std::move(marks[position]);
  marks.resize(position);
  pop_to(marked.journal_size);
  session = std::move(marked.session);
  update_scope();
}

void State::forget(std::size_t position) {
  assert(position < marks.size());
  marks.resize(position);
  update_scope();
}

State::Kept State::kept_since(std::size_t position) const {
  assert(position < marks.size());
  Kept kept;
  // Inner scopes keep what outer ones changed: the first state is that of the mark.
  const auto keep = [](auto& states, const auto& undo) {
    states.try_emplace(undo->index, undo->existed && undo->state ? undo->state.get() : nullptr);
  };
  for (std::size_t i = marks[position].journal_size; i < journal_.size(); ++i) {
    const Undo& undo = journal_[i];
    if (const auto* relation = std::get_if<UndoOf<Relation>>(&undo)) keep(kept.relations, *relation);
    if (const auto* type = std::get_if<UndoOf<Type>>(&undo)) keep(kept.types, *type);
    if (const auto* set = std::get_if<UndoOf<FunctionSet>>(&undo)) keep(kept.functions, *set);
    if (const auto* names = std::get_if<NamesUndo>(&undo)) {
      if (names->list == &State::schemas && kept.schemas == nullptr) kept.schemas = &names->names;
      if (names->list == &State::extensions && kept.extensions == nullptr) kept.extensions = &names->names;
    }
  }
  return kept;
}

// ---- journal ----------------------------------------------------------------------------------------------------------

void State::undo_to(std::size_t size) {
  std::size_t keep = size;
  for (const Marked& marked : marks) keep = std::max(keep, marked.journal_size);
  pop_to(keep);
  if (keep > size) undo_again(size, keep);
}

void State::pop_to(std::size_t size) {
  for (std::size_t i = journal_.size(); i > size; --i) {
    Undo& undo = journal_[i - 1];
    if (auto* relation = std::get_if<UndoOf<Relation>>(&undo)) {
      const std::uint32_t index = (*relation)->index;
      if (relations.exists(index)) count_constraints(relations[index], -1);
      relations.hide(index);
    } else if (auto* type = std::get_if<UndoOf<Type>>(&undo)) {
      types.hide((*type)->index);
    } else if (auto* set = std::get_if<UndoOf<FunctionSet>>(&undo)) {
      functions.hide((*set)->index);
    }
  }
  for (std::size_t i = journal_.size(); i > size; --i) {
    Undo& undo = journal_[i - 1];
    if (auto* relation = std::get_if<UndoOf<Relation>>(&undo)) {
      relations.restore(**relation);
    } else if (auto* type = std::get_if<UndoOf<Type>>(&undo)) {
      types.restore(**type);
    } else if (auto* set = std::get_if<UndoOf<FunctionSet>>(&undo)) {
      functions.restore(**set);
    } else if (auto* rows = std::get_if<RowsUndo>(&undo)) {
      if (index_of(rows->id) >= relations.size()) continue;
      Relation& relation_of = relations.unsaved(index_of(rows->id));
      relation_of.filled = rows->filled;
      relation_of.filled_by_query = rows->filled_by_query;
      relation_of.written_rows = rows->written_rows;
      relation_of.storage_epoch = rows->storage_epoch;
      relation_of.populated = rows->populated;
    } else if (auto* names = std::get_if<NamesUndo>(&undo)) {
      this->*(names->list) = std::move(names->names);
    } else if (auto* kept = std::get_if<PublicationsUndo>(&undo)) {
      publications = std::move(kept->publications);
    }
  }
  for (std::size_t i = journal_.size(); i > size; --i) {
    Undo& undo = journal_[i - 1];
    if (auto* relation = std::get_if<UndoOf<Relation>>(&undo)) {
      if (relations.show((*relation)->index)) count_constraints(relations[(*relation)->index], 1);
    } else if (auto* type = std::get_if<UndoOf<Type>>(&undo)) {
      types.show((*type)->index);
    } else if (auto* set = std::get_if<UndoOf<FunctionSet>>(&undo)) {
      functions.show((*set)->index);
    }
  }
  journal_.resize(size);
}

// A transaction that began before a mark was rolled back after it: the mark's state must stay reachable, so the way back
// beyond it is itself a change. Its entries are kept, and the states they hold copied.
void State::undo_again(std::size_t from, std::size_t to) {
  std::vector<Undo> again;
  for (std::size_t i = from; i < to; ++i) {
    if (auto* relation = std::get_if<UndoOf<Relation>>(&journal_[i])) {
      auto copy = std::make_unique<Store<Relation>::Undo>();
      *copy = {(*relation)->index, (*relation)->saved, (*relation)->existed,
               (*relation)->state ? std::make_unique<Relation>(*(*relation)->state) : nullptr};
      again.emplace_back(std::move(copy));
    } else if (auto* type = std::get_if<UndoOf<Type>>(&journal_[i])) {
      auto copy = std::make_unique<Store<Type>::Undo>();
      *copy = {(*type)->index, (*type)->saved, (*type)->existed, (*type)->state ? std::make_unique<Type>(*(*type)->state) : nullptr};
      again.emplace_back(std::move(copy));
    } else if (auto* set = std::get_if<UndoOf<FunctionSet>>(&journal_[i])) {
      auto copy = std::make_unique<Store<FunctionSet>::Undo>();
      *copy = {(*set)->index, (*set)->saved, (*set)->existed, (*set)->state ? std::make_unique<FunctionSet>(*(*set)->state) : nullptr};
      again.emplace_back(std::move(copy));
    } else if (auto* rows = std::get_if<RowsUndo>(&journal_[i])) {
      again.emplace_back(*rows);
    } else if (auto* names = std::get_if<NamesUndo>(&journal_[i])) {
      again.emplace_back(NamesUndo{names->list, names->names});
    } else if (auto* kept = std::get_if<PublicationsUndo>(&journal_[i])) {
      again.emplace_back(*kept);
    }
  }
  // Everything that will be touched is saved for the mark first.
  for (const Undo& undo : again) {
    if (auto* relation = std::get_if<UndoOf<Relation>>(&undo)) save(relations, (*relation)->index);
    else if (auto* type = std::get_if<UndoOf<Type>>(&undo)) save(types, (*type)->index);
    else if (auto* set = std::get_if<UndoOf<FunctionSet>>(&undo)) save(functions, (*set)->index);
    else if (auto* rows = std::get_if<RowsUndo>(&undo)) save(relations, index_of(rows->id));
    else if (auto* names = std::get_if<NamesUndo>(&undo)) change_names(names->list);
    else if (std::holds_alternative<PublicationsUndo>(undo)) change_publications();
  }
  const std::size_t kept = journal_.size();
  for (Undo& undo : again) {
    // A created object is hidden, not removed: the mark knows it. Its own state says that it does not exist.
    if (auto* relation = std::get_if<UndoOf<Relation>>(&undo); relation && !(*relation)->state) {
      (*relation)->state = std::make_unique<Relation>(relations[(*relation)->index]);
      (*relation)->saved = last_serial_;
    } else if (auto* type = std::get_if<UndoOf<Type>>(&undo); type && !(*type)->state) {
      (*type)->state = std::make_unique<Type>(types[(*type)->index]);
      (*type)->saved = last_serial_;
    } else if (auto* set = std::get_if<UndoOf<FunctionSet>>(&undo); set && !(*set)->state) {
      (*set)->state = std::make_unique<FunctionSet>(functions[(*set)->index]);
      (*set)->saved = last_serial_;
    }
    journal_.push_back(std::move(undo));
  }
  pop_to(kept);
}

}  // namespace cupel::schema

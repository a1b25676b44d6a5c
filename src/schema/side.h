// Internal to src/schema: one of two schemas that are compared.
#pragma once

#include "schema/state.h"

#include <map>
#include <string>
#include <vector>

namespace cupel::schema {

// What the comparison asks of a schema. References and pointers are valid until the database changes.
class Side {
 public:
  virtual ~Side() = default;
  [[nodiscard]] virtual const Relation& relation(RelationId id) const = 0;
  [[nodiscard]] virtual const Relation* find(const ObjectName& name) const = 0;
  [[nodiscard]] virtual const Type* find_type(const ObjectName& name) const = 0;
  [[nodiscard]] virtual bool has_ambiguous_functions(const ObjectName& name) const = 0;
  [[nodiscard]] virtual bool has_unseen_changes() const = 0;
  // What is to be compared.
  [[nodiscard]] virtual std::vector<RelationId> relations() const = 0;
  [[nodiscard]] virtual std::vector<const Type*> types() const = 0;
  [[nodiscard]] virtual std::vector<const Function*> functions() const = 0;
  [[nodiscard]] virtual const std::vector<std::string>& schemas() const = 0;
  [[nodiscard]] virtual const std::vector<std::string>& extensions() const = 0;
};

// All of a database, as it is.
class WholeDatabase : public Side {
 public:
  explicit WholeDatabase(const Database& database) : database_(database) {}
  [[nodiscard]] const Relation& relation(RelationId id) const override { return database_.relation(id); }
  [[nodiscard]] const Relation* find(const ObjectName& name) const override { return database_.find(name.schema, name.name); }
  [[nodiscard]] const Type* find_type(const ObjectName& name) const override {
    return database_.find_type(DataType{name.schema, name.name, {}, 0});
  }
  [[nodiscard]] bool has_ambiguous_functions(const ObjectName& name) const override { return database_.has_ambiguous_functions(name); }
  [[nodiscard]] bool has_unseen_changes() const override { return database_.has_unseen_changes(); }
  [[nodiscard]] std::vector<RelationId> relations() const override { return database_.relations(); }
  [[nodiscard]] std::vector<const Type*> types() const override { return database_.types(); }
  [[nodiscard]] std::vector<const Function*> functions() const override { return database_.functions(); }
  [[nodiscard]] const std::vector<std::string>& schemas() const override { return database_.schemas(); }
  [[nodiscard]] const std::vector<std::string>& extensions() const override { return database_.extensions(); }

 private:
  const Database& database_;
};

// What changed since a mark, as it was then: the journal keeps the former states.
class Before : public Side {
 public:
  Before(const Database::State& state, std::size_t mark) : state_(state), kept_(state.kept_since(mark)) {}
  [[nodiscard]] const Relation& relation(RelationId id) const override;
  [[nodiscard]] const Relation* find(const ObjectName& name) const override;
  [[nodiscard]] const Type* find_type(const ObjectName& name) const override;
  [[nodiscard]] bool has_ambiguous_functions(const ObjectName& name) const override;
  // What ran before the mark is no matter of what changed since.
  [[nodiscard]] bool has_unseen_changes() const override { return false; }
  [[nodiscard]] std::vector<RelationId> relations() const override;
  [[nodiscard]] std::vector<const Type*> types() const override;
  [[nodiscard]] std::vector<const Function*> functions() const override;
  [[nodiscard]] const std::vector<std::string>& schemas() const override;
  [[nodiscard]] const std::vector<std::string>& extensions() const override;

 private:
  friend class After;
  const Database::State& state_;
  Database::State::Kept kept_;
};

// The same objects as they are now.
class After : public WholeDatabase {
 public:
  After(const Database& database, const Before& before) : WholeDatabase(database), before_(before) {}
  [[nodiscard]] std::vector<RelationId> relations() const override;
  [[nodiscard]] std::vector<const Type*> types() const override;
  [[nodiscard]] std::vector<const Function*> functions() const override;

 private:
  const Before& before_;
};

}  // namespace cupel::schema

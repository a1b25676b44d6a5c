// Walks the functions of one parsed source with values that are known, partly known or unknown, and notes what is sent as SQL.
//
// What it does not understand makes whatever it may change unknown: a gap is reported, a wrong text never made.
#pragma once

#include "cxx/sink.h"
#include "cxx/source_places.h"

#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include <clang/AST/ASTContext.h>
#include <clang/AST/DeclCXX.h>
#include <clang/AST/ExprCXX.h>
#include <clang/AST/StmtCXX.h>

namespace cupel::cxx {

class Interpreter {
 public:
  Interpreter(clang::ASTContext& context, const Settings& settings, Analysis& analysis);

  // First: which variables are changed anywhere. `functions`: the definitions in the main file, in order.
  void prepare(const std::vector<const clang::FunctionDecl*>& functions);
  // Walks them: first those that no other one calls.
  void run(const std::vector<const clang::FunctionDecl*>& functions);
  // The revision that a file of the operations API registers, if it does: its functions are walked. `variables`: of namespace scope.
  bool run_revisions(const std::vector<const clang::VarDecl*>& variables);
  // SQL in literals of the main file that nothing reached. `all`: every literal of it.
  void add_unreached(const std::vector<const clang::StringLiteral*>& all);

 private:
  enum class Flow { normal, breaks, continues, returns };

  struct Frame {
    const clang::FunctionDecl* function = nullptr;
    std::unordered_map<const clang::ValueDecl*, Cell> locals;
    std::shared_ptr<std::map<const clang::ValueDecl*, Cell>> captures;
    Cell self;
    std::optional<Value> result;
    int doubt = 0;  // it may have returned already
  };
  // What cells held before something was tried.
  using Log = std::unordered_map<Value*, std::pair<Cell, Value>>;

  // Statements (interpreter_statements.cpp)
  Flow execute(const clang::Stmt* statement);
  Flow execute_block(const clang::CompoundStmt* block);
  Flow execute_if(const clang::IfStmt* statement);
  Flow execute_switch(const clang::SwitchStmt* statement);
  Flow execute_for(const clang::ForStmt* statement);
  Flow execute_while(const clang::Expr* condition, const clang::Stmt* body, bool body_first);
  Flow execute_range_for(const clang::CXXForRangeStmt* statement);
  Flow run_unbounded(const clang::Stmt* body, const clang::Stmt* step, const clang::Expr* condition);
  Flow run_conditionally(const clang::Stmt* first, const clang::Stmt* second, const Place& place);
  void declare(const clang::VarDecl* variable);
  void bind(const clang::DecompositionDecl* declaration, const Cell& whole);
  void enter_migration(const clang::FunctionDecl* function);
  bool step();  // false: a limit is reached
  // Of what a model has written, the call of it.
  [[nodiscard]] Place place_of(const clang::Stmt* statement);
  // How many conditions that are not known lead to where the walk is.
  [[nodiscard]] int doubt() const;
  // A loop begun at that step takes so long that it is not expected to end: what ends it was perhaps not understood.
  [[nodiscard]] bool is_long(std::size_t begun) const { return steps_ - begun > settings_.steps / 10; }

  // Expressions (interpreter_expressions.cpp)
  Value evaluate(const clang::Expr* expression);
  Value evaluate_inner(const clang::Expr* expression);
  void convert(Value& value, clang::QualType type) const;
  void convert_through(Value& value, const clang::Expr* expression) const;
  Value capture(const clang::LambdaExpr* lambda);
  Value evaluate_binary(const clang::BinaryOperator* operation);
  Value evaluate_compound_assignment(const clang::BinaryOperator* operation);
  Value evaluate_unary(const clang::UnaryOperator* operation);
  Value default_value(clang::QualType type, int level = 0);
  Value evaluate_list(const clang::InitListExpr* list);
  Value evaluate_construct(const clang::CXXConstructExpr* construct);
  Value evaluate_constant(const clang::Expr* expression);
  Value value_of(const clang::ValueDecl* declaration, const clang::Expr* use);
  Value evaluate_children(const clang::Expr* expression);
  Cell cell_of(const clang::Expr* expression);
  // … or, of what is no variable, where its value is kept: what a reference is bound to.
  Cell referred(const clang::Expr* expression);
  Cell local_cell(const clang::ValueDecl* declaration);
  Cell global_cell(const clang::VarDecl* variable);
  Value add(Value left, const Value& right, const clang::Expr* left_source, const clang::Expr* right_source);
  std::vector<Segment> text_of(const Value& value, const clang::Expr* source);
  Segment hole(const clang::Expr* source, std::string reason);
  std::optional<bool> truth(const Value& value);

  // Calls (interpreter_calls.cpp)
  Value evaluate_call(const clang::CallExpr* call);
  Value evaluate_operator(const clang::CXXOperatorCallExpr* call);
  Value evaluate_method(const clang::CXXMemberCallExpr* call);
  Value evaluate_stream(const clang::CXXOperatorCallExpr* call);
  Value call_function(const clang::FunctionDecl* function, const Cell& self, llvm::ArrayRef<const clang::Expr*> arguments,
                      const clang::Expr* call, const Value* closure = nullptr);
  Value call_value(const Value& callee, llvm::ArrayRef<const clang::Expr*> arguments, const clang::Expr* call);
  Value unknown_call(const clang::FunctionDecl* function, const std::string& name, llvm::ArrayRef<const clang::Expr*> arguments,
                     const clang::Expr* call);
  void run_callbacks(const Value& argument, const clang::Expr* call, bool certain);
  bool may_inline(const clang::FunctionDecl* function) const;
  const Sink* find_sink(const clang::CXXRecordDecl* object, const clang::FunctionDecl* function) const;
  void emit_call(const Sink& sink, const std::string& callee, llvm::ArrayRef<const clang::Expr*> arguments,
                 const std::vector<Value>& values, const clang::Expr* call);
  void emit(Value sql, const clang::Expr* source, const clang::Expr* call, const std::string& callee, Evidence evidence, const Sink* sink);
  bool try_by_name(const std::string& name, llvm::ArrayRef<const clang::Expr*> arguments, const std::vector<Value>& values,
                   const clang::Expr* call);

  // Operations (operations.cpp)
  void emit_operation(const Value& operation);
  void mark_reached(const Value& value);

  // Containers of libraries (interpreter_containers.cpp)
  std::optional<Value> list_method(const clang::CXXMethodDecl* method, const clang::Expr* object,
                                   llvm::ArrayRef<const clang::Expr*> arguments, const clang::Expr* call);
  Cell mapped(const Cell& map, const clang::CXXRecordDecl* record, const Value& key, bool insert);

  // Text functions of libraries (interpreter_text.cpp)
  std::optional<Value> text_method(const clang::CXXMethodDecl* method, const clang::Expr* object,
                                   llvm::ArrayRef<const clang::Expr*> arguments, const clang::Expr* call);
  std::optional<Value> text_function(const clang::FunctionDecl* function, llvm::ArrayRef<const clang::Expr*> arguments,
                                     const clang::Expr* call);
  std::vector<Segment> formatted(Value value, const clang::Expr* source);
  Value format_braces(const Value& format, llvm::ArrayRef<const clang::Expr*> arguments, const std::vector<Value>& values,
                      const clang::Expr* call);
  Value format_printf(const Value& format, llvm::ArrayRef<const clang::Expr*> arguments, const std::vector<Value>& values,
                      const clang::Expr* call);
  Value replace_qt_arguments(const Value& format, llvm::ArrayRef<const clang::Expr*> arguments, const std::vector<Value>& values,
                             const clang::Expr* call);

  // Writing
  void touch(const Cell& cell);
  void write(const Cell& cell, Value value);
  void forget(const Cell& cell, const std::string& why);
  void forget_named(const clang::Expr* expression, const std::string& why);

  Frame& frame() { return *frames_.back(); }

  clang::ASTContext& context_;
  const Settings& settings_;
  Analysis& analysis_;
  SourcePlaces places_;
  std::vector<Frame*> frames_;
  std::vector<Log*> logs_;
  std::vector<Place> calls_;  // the calls that lead to where the walk is, outermost first
  std::vector<int> doubts_;   // at each of them, as doubt() gives it
  std::unordered_map<const clang::VarDecl*, Cell> globals_;
  std::unordered_set<const clang::VarDecl*> written_;    // assigned somewhere in the source
  std::unordered_set<const clang::FunctionDecl*> used_;  // called somewhere in the source
  std::unordered_set<const clang::FunctionDecl*> entered_;
  std::unordered_set<const clang::LambdaExpr*> entered_lambdas_;
  std::vector<Value> lambdas_;                    // made during the root function, in order
  std::pair<const clang::Expr*, Cell> returned_;  // the last call that returned a reference, and to what
  std::set<std::string> emitted_;
  std::unordered_map<const Value*, std::pair<Cell, int>> transactions_;  // by the cell of the transaction object
  int last_transaction_ = 0;
  int transaction_ = 0;      // of the call that is being looked at
  int own_transaction_ = 0;  // that a migration of TinyORM runs in; 0: none
  std::string root_;
  bool in_revision_ = false;
  bool downgrade_ = false;
  int silent_ = 0;
  int conditional_ = 0;
  int repeated_ = 0;
  int loop_doubt_ = 0;  // the iteration may have ended already
  int depth_ = 0;
  std::size_t steps_ = 0;
  std::chrono::steady_clock::time_point deadline_;

  friend class WriteFinder;
};

// The class is one whose objects are text to us: std::string, a string stream, QString …
bool is_text_class(const clang::CXXRecordDecl* record);
bool is_text_type(clang::QualType type);
bool is_list_class(const clang::CXXRecordDecl* record);
// "a::b" is the class a::b and anything derived from it.
bool is_or_derives(const clang::CXXRecordDecl* record, std::string_view name, int depth = 0);
// A container that finds its elements by key.
bool is_map_class(const clang::CXXRecordDecl* record);
// Brings the elements of a set or a map into the order that it keeps them in.
void keep_order(const clang::CXXRecordDecl* record, Value& list);
// The expression without what compilers put around it.
const clang::Expr* bare(const clang::Expr* expression);
const clang::CXXRecordDecl* record_of(clang::QualType type);

}  // namespace cupel::cxx

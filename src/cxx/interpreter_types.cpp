// What the interpreter asks of expressions and types before it looks at values.
#include "cxx/interpreter.h"

#include <algorithm>

namespace cupel::cxx {

const clang::Expr* bare(const clang::Expr* expression) {
  while (expression != nullptr) {
    const clang::Expr* inner = expression->IgnoreParenImpCasts();
    if (const auto* cleanups = llvm::dyn_cast<clang::FullExpr>(inner)) inner = cleanups->getSubExpr();
    else if (const auto* temporary = llvm::dyn_cast<clang::MaterializeTemporaryExpr>(inner)) inner = temporary->getSubExpr();
    else if (const auto* bound = llvm::dyn_cast<clang::CXXBindTemporaryExpr>(inner)) inner = bound->getSubExpr();
    else if (const auto* standard = llvm::dyn_cast<clang::CXXDefaultArgExpr>(inner)) inner = standard->getExpr();
    else if (const auto* standard_member = llvm::dyn_cast<clang::CXXDefaultInitExpr>(inner)) inner = standard_member->getExpr();
    else if (const auto* cast = llvm::dyn_cast<clang::ExplicitCastExpr>(inner)) inner = cast->getSubExpr();
    else if (const auto* list = llvm::dyn_cast<clang::CXXStdInitializerListExpr>(inner)) inner = list->getSubExpr();
    else if (const auto* replaced = llvm::dyn_cast<clang::SubstNonTypeTemplateParmExpr>(inner)) inner = replaced->getReplacement();
    if (inner == expression) return inner;
    expression = inner;
  }
  return expression;
}

const clang::CXXRecordDecl* record_of(clang::QualType type) {
  if (type.isNull()) return nullptr;
  type = type.getNonReferenceType();
  if (type->isPointerType()) type = type->getPointeeType();
  return type->getAsCXXRecordDecl();
}

bool is_text_class(const clang::CXXRecordDecl* record) {
  if (record == nullptr || record->getIdentifier() == nullptr) return false;
  static const std::set<llvm::StringRef> names = {"basic_string",
                                                  "basic_string_view",
                                                  "ostringstream",
                                                  "stringstream",
                                                  "istringstream",
                                                  "basic_ostringstream",
                                                  "basic_stringstream",
                                                  "basic_istringstream",
                                                  "basic_format_string",
                                                  "basic_runtime",
                                                  "basic_memory_buffer",
                                                  "memory_buffer",
                                                  "QString",
                                                  "QLatin1String",
                                                  "QByteArray",
                                                  "QStringView",
                                                  "QStringBuilder",
                                                  "str",
                                                  "Query",
                                                  "StringRef"};
  return names.contains(record->getName());
}

bool is_text_type(clang::QualType type) {
  if (type.isNull()) return false;
  type = type.getNonReferenceType();
  if (is_text_class(type->getAsCXXRecordDecl())) return true;
  clang::QualType inner;
  if (type->isPointerType()) inner = type->getPointeeType();
  else if (const clang::ArrayType* array = type->getAsArrayTypeUnsafe()) inner = array->getElementType();
  return !inner.isNull() && inner->isAnyCharacterType();
}

bool is_list_class(const clang::CXXRecordDecl* record) {
  if (record == nullptr || record->getIdentifier() == nullptr) return false;
  static const std::set<llvm::StringRef> names = {"vector",        "array",    "list",        "deque", "initializer_list", "span",
                                                  "QList",         "QVector",  "QStringList", "set",   "unordered_set",    "map",
                                                  "unordered_map", "multimap", "tuple",       "QMap"};
  return names.contains(record->getName());
}

bool is_or_derives(const clang::CXXRecordDecl* record, std::string_view name, int depth) {
  if (record == nullptr || depth > 16) return false;
  if (record->getQualifiedNameAsString() == name) return true;
  const clang::CXXRecordDecl* definition = record->getDefinition();
  if (definition == nullptr) return false;
  return std::any_of(definition->bases_begin(), definition->bases_end(), [&](const clang::CXXBaseSpecifier& base) {
    return is_or_derives(base.getType()->getAsCXXRecordDecl(), name, depth + 1);
  });
}

}  // namespace cupel::cxx

// What the text and container functions of libraries do to values.
#include "base/ascii.h"
#include "cxx/interpreter.h"

#include <algorithm>
#include <cctype>
#include <map>

namespace cupel::cxx {
namespace {

bool is_any(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

void append(std::vector<Segment>& to, std::vector<Segment> more) {
  for (Segment& segment : more) to.push_back(std::move(segment));
}

// A format whose fields are replaced from its begin to its end.
class FilledFormat {
 public:
  explicit FilledFormat(const std::vector<Segment>& format) : format_(format) {}

  // What lies between `begin` and `end` gives way to `by`; before `begin` it stays as it is.
  void replace(std::size_t begin, std::size_t end, std::vector<Segment> by) {
    if (begin > done_) append(made_, slice(format_, done_, begin));
    append(made_, std::move(by));
    done_ = end;
  }
  Value text(std::size_t size) {
    replace(size, size, {});
    return Value::of_text(std::move(made_));
  }

 private:
  const std::vector<Segment>& format_;
  std::vector<Segment> made_;
  std::size_t done_ = 0;
};

}  // namespace

std::optional<Value> Interpreter::text_method(const clang::CXXMethodDecl* method, const clang::Expr* object,
                                              llvm::ArrayRef<const clang::Expr*> arguments, const clang::Expr* call) {
  const std::string name = method->getNameAsString();
  Cell cell = cell_of(object);
  if (cell != nullptr && cell->is(Value::Kind::pointer) && cell->target != nullptr) cell = cell->target;
  Value self = cell != nullptr ? *cell : evaluate(object);
  // What append() and its like return is the text itself.
  if (cell == nullptr && returned_.second != nullptr && returned_.first == bare(object)) cell = returned_.second;
  if (self.is(Value::Kind::pointer) && self.target != nullptr) self = *self.target;
  std::vector<Value> values;
  for (const clang::Expr* argument : arguments) values.push_back(evaluate(argument));
  const auto given = [&](std::size_t i) { return i < arguments.size() && !llvm::isa<clang::CXXDefaultArgExpr>(arguments[i]); };

  if (llvm::isa<clang::CXXConversionDecl>(method)) return self;
  if (is_any(name, {"c_str", "data", "view", "toStdString", "toUtf8", "toLatin1", "toLocal8Bit", "constData", "trimmed", "simplified",
                    "noquote"})) {
    return self;
  }
  if (name == "str" && !given(0)) return self;
  if (!self.is(Value::Kind::string)) {
    if (!method->isConst() && cell != nullptr) forget(cell, self.reason.empty() ? name + "() changes it" : self.reason);
    if (name == "arg" || name == "substr" || name == "append") return Value::unknown(self.reason);
    return Value::unknown(self.reason);
  }
  std::string full;
  bool is_full = full_text(self.text, full);
  // Models ask whether a name is one of the usual ones.
  if (!is_full && method->isConst() && !places_.in_user_file(call->getBeginLoc()) && is_any(name, {"isEmpty", "contains"})) {
    full = rough_text(self.text);
    is_full = true;
  }
  if (is_any(name, {"size", "length"})) return is_full ? Value::of_integer(static_cast<long long>(full.size())) : Value();
  if (is_any(name, {"empty", "isEmpty", "isNull"})) {
    if (!full.empty()) return Value::of_boolean(false);
    return is_full ? Value::of_boolean(true) : Value();
  }
  if (is_any(name, {"starts_with", "startsWith", "ends_with", "endsWith", "contains"}) && values.size() == 1) {
    std::string other;
    if (!is_full || !values[0].is(Value::Kind::string) || !full_text(values[0].text, other)) return Value();
    if (name.starts_with("starts")) return Value::of_boolean(full.starts_with(other));
    if (name.starts_with("ends")) return Value::of_boolean(full.ends_with(other));
    return Value::of_boolean(full.find(other) != std::string::npos);
  }
  if (is_any(name, {"substr", "mid", "left"}) && is_full && !values.empty()) {
    const bool left = name == "left";
    if (!left && !values[0].is(Value::Kind::integer)) return Value::unknown("part of a text is taken");
    const auto begin = left ? 0 : static_cast<std::size_t>(std::max(0LL, values[0].integer));
    std::size_t count = full.size();
    const std::size_t which = left ? 0 : 1;
    if (given(which)) {
      if (!values[which].is(Value::Kind::integer)) return Value::unknown("part of a text is taken");
      if (values[which].integer >= 0) count = static_cast<std::size_t>(values[which].integer);
    }
    if (begin > full.size()) return Value::unknown("part of a text is taken");
    return Value::of_text(slice(self.text, begin, std::min(full.size(), begin + std::min(count, full.size()))));
  }
  if (is_any(name, {"toLower", "toUpper"})) {
    for (Segment& segment : self.text) {
      if (segment.kind == Segment::Kind::hole) continue;
      std::string changed = name == "toLower" ? lower_case(segment.text) : upper_case(segment.text);
      if (changed == segment.text) continue;
      segment.place = stretches({segment}).front().place;
      segment.kind = Segment::Kind::generated;
      if (segment.literal != nullptr) segment.literal->reached = true;
      segment.literal = nullptr;
      segment.text = std::move(changed);
    }
    return self;
  }
  if (name == "arg") return replace_qt_arguments(self, arguments, values, call);
  if (is_any(name, {"append", "push_back", "write", "put"}) && cell != nullptr && !values.empty()) {
    // append(count, character) and append(text, count) are not the usual way.
    if (values.size() > 1 && given(1)) {
      forget(cell, "part of a text is appended");
      return *cell;
    }
    std::vector<Segment> added = text_of(values[0], arguments[0]);
    touch(cell);
    append(cell->text, std::move(added));
    returned_ = {call, cell};
    return *cell;
  }
  if (name == "prepend" && cell != nullptr && values.size() == 1) {
    std::vector<Segment> text = text_of(values[0], arguments[0]);
    append(text, cell->text);
    write(cell, Value::of_text(std::move(text)));
    return *cell;
  }
  if (is_any(name, {"assign", "str"}) && cell != nullptr && values.size() == 1) {
    write(cell, Value::of_text(text_of(values[0], arguments[0])));
    return *cell;
  }
  if (name == "clear" && cell != nullptr) {
    // A stream's clear() resets its state, not its text.
    if (!method->getParent()->getName().ends_with("stringstream")) write(cell, Value::of_text({}));
    return Value();
  }
  if (name == "reserve") return Value();
  if (!method->isConst() && cell != nullptr && !is_any(name, {"begin", "end", "at", "operator[]", "find", "rfind", "back", "front"})) {
    forget(cell, name + "() on a text is not followed");
  }
  return Value::unknown(name + "() on a text is not followed");
}

std::optional<Value> Interpreter::text_function(const clang::FunctionDecl* function, llvm::ArrayRef<const clang::Expr*> arguments,
                                                const clang::Expr* call) {
  const std::string name = function->getQualifiedNameAsString();
  const auto evaluated = [&](std::size_t from) {
    std::vector<Value> values;
    for (std::size_t i = from; i < arguments.size(); ++i) values.push_back(evaluate(arguments[i]));
    return values;
  };
  if (is_any(name, {"std::move", "std::forward", "std::as_const", "std::ref", "fmt::runtime", "qPrintable", "QString::fromUtf8",
                    "QString::fromLatin1", "QString::fromStdString", "std::to_array", "boost::str", "strdup"}) &&
      arguments.size() == 1) {
    return evaluate(arguments[0]);
  }
  if (is_any(name, {"std::to_string", "fmt::to_string", "QString::number", "pqxx::to_string"}) && !arguments.empty()) {
    Value value = evaluate(arguments[0]);
    if (name == "std::to_string") value.is_character = false;  // there is none for characters
    return Value::of_text(name == "fmt::to_string" ? formatted(value, arguments[0]) : text_of(value, arguments[0]));
  }
  if (is_any(name, {"std::make_pair", "std::make_tuple", "std::tie"})) {
    Value made;
    made.kind = Value::Kind::list;
    for (Value& value : evaluated(0)) made.items.push_back(std::make_shared<Value>(std::move(value)));
    return made;
  }
  if (name == "std::size" && arguments.size() == 1) {
    const Value value = evaluate(arguments[0]);
    if (value.is(Value::Kind::list)) return Value::of_integer(static_cast<long long>(value.items.size()));
    return evaluate_constant(call);
  }
  if (name == "std::get" && arguments.size() == 1) {
    const Value value = evaluate(arguments[0]);
    const clang::TemplateArgumentList* given = function->getTemplateSpecializationArgs();
    if (given == nullptr || given->size() == 0 || given->get(0).getKind() != clang::TemplateArgument::Integral) return Value();
    const auto index = static_cast<std::size_t>(given->get(0).getAsIntegral().getZExtValue());
    if (value.is(Value::Kind::list) && index < value.items.size()) return *value.items[index];
    for (const auto& [field, cell] : value.fields) {
      const auto* one = llvm::dyn_cast<clang::FieldDecl>(field);
      if (one != nullptr && one->getFieldIndex() == index) return *cell;
    }
    return Value();
  }
  if (is_any(name, {"std::format", "fmt::format"}) && !arguments.empty()) {
    const std::vector<Value> values = evaluated(0);
    return format_braces(values[0], arguments.drop_front(), std::vector<Value>(values.begin() + 1, values.end()), call);
  }
  if (is_any(name, {"fmt::sprintf", "absl::StrFormat", "QString::asprintf"}) && !arguments.empty()) {
    const std::vector<Value> values = evaluated(0);
    return format_printf(values[0], arguments.drop_front(), std::vector<Value>(values.begin() + 1, values.end()), call);
  }
  if (name == "absl::StrCat") {
    Value text = Value::of_text({});
    for (const clang::Expr* argument : arguments) text = add(std::move(text), evaluate(argument), nullptr, argument);
    return text;
  }
  if (name == "fmt::join" || name == "boost::algorithm::join") {
    const std::vector<Value> values = evaluated(0);
    if (values.size() != 2 || !values[0].is(Value::Kind::list)) return Value::unknown("what is joined is not known");
    Value text = Value::of_text({});
    for (std::size_t i = 0; i < values[0].items.size(); ++i) {
      if (i > 0) text = add(std::move(text), values[1], nullptr, arguments[1]);
      text = add(std::move(text), *values[0].items[i], nullptr, arguments[0]);
    }
    return text;
  }
  const bool sized = is_any(name, {"snprintf", "std::snprintf"});
  if (sized || is_any(name, {"sprintf", "std::sprintf", "asprintf"})) {
    const std::size_t at = sized ? 2 : 1;
    if (arguments.size() <= at) return std::nullopt;
    const std::vector<Value> values = evaluated(0);
    Value text = format_printf(values[at], arguments.drop_front(at + 1),
                               std::vector<Value>(values.begin() + static_cast<std::ptrdiff_t>(at) + 1, values.end()), call);
    if (sized && text.is(Value::Kind::string) && values[1].is(Value::Kind::integer)) {
      // What does not fit is cut off.
      const auto room = static_cast<std::size_t>(std::max(1LL, values[1].integer)) - 1;
      if (std::string full; full_text(text.text, full) && full.size() > room) text = Value::of_text(slice(text.text, 0, room));
    }
    Cell target = values[0].is(Value::Kind::pointer) ? values[0].target : cell_of(arguments[0]);
    if (target != nullptr) write(target, std::move(text));
    else forget_named(arguments[0], "it is written in a way that is not followed");
    return Value();
  }
  if (is_any(name, {"strcat", "strcpy", "std::strcat", "std::strcpy"}) && arguments.size() == 2) {
    const Value value = evaluate(arguments[1]);
    const Cell target = cell_of(arguments[0]);
    if (target == nullptr) return Value();
    if (name.ends_with("cpy") || !target->is(Value::Kind::string)) write(target, Value::of_text(text_of(value, arguments[1])));
    else write(target, add(*target, value, arguments[0], arguments[1]));
    return *target;
  }
  if (is_any(name, {"strlen", "std::strlen"}) && arguments.size() == 1) {
    const Value value = evaluate(arguments[0]);
    std::string full;
    if (value.is(Value::Kind::string) && full_text(value.text, full)) return Value::of_integer(static_cast<long long>(full.size()));
    return Value();
  }
  return std::nullopt;
}

// As {} writes it: other than streams do, which have 1 for true, and characters for the smallest numbers.
std::vector<Segment> Interpreter::formatted(Value value, const clang::Expr* source) {
  if (value.is(Value::Kind::boolean)) {
    Segment segment;
    segment.text = value.integer != 0 ? "true" : "false";
    segment.place = place_of(source);
    return {segment};
  }
  if (value.is_character) {
    const clang::QualType type = bare(source)->getType();
    value.is_character = type->isDependentType() || type.getNonReferenceType()->isCharType();
    const auto* builtin = type.getNonReferenceType().getCanonicalType()->getAs<clang::BuiltinType>();
    if (builtin != nullptr && (builtin->getKind() == clang::BuiltinType::UChar || builtin->getKind() == clang::BuiltinType::SChar))
      value.is_character = false;
  }
  return text_of(value, source);
}

Value Interpreter::format_braces(const Value& format, llvm::ArrayRef<const clang::Expr*> arguments, const std::vector<Value>& values,
                                 const clang::Expr* call) {
  std::string text;
  if (!format.is(Value::Kind::string) || !full_text(format.text, text)) return Value::unknown("the format is not known in full");
  FilledFormat filled(format.text);
  std::size_t next = 0;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if ((c == '{' || c == '}') && at + 1 < text.size() && text[at + 1] == c) {
      filled.replace(at + 1, at + 2, {});
      at += 2;
      continue;
    }
    if (c != '{') {
      ++at;
      continue;
    }
    const std::size_t close = text.find('}', at);
    if (close == std::string::npos) return Value::unknown("the format is not one that is followed");
    const std::string field = text.substr(at + 1, close - at - 1);
    const std::string index = field.substr(0, field.find(':'));
    std::size_t which = next;
    bool known = true;
    if (index.empty()) ++next;
    else if (std::all_of(index.begin(), index.end(), [](char digit) { return std::isdigit(static_cast<unsigned char>(digit)) != 0; }) &&
             index.size() < 4)
      which = std::stoul(index);
    else known = false;
    const bool plain_field = field.find(':') == std::string::npos;
    if (known && plain_field && which < values.size()) filled.replace(at, close + 1, formatted(values[which], arguments[which]));
    else filled.replace(at, close + 1, {hole(which < arguments.size() ? arguments[which] : call, "a format makes it")});
    at = close + 1;
  }
  return filled.text(text.size());
}

Value Interpreter::format_printf(const Value& format, llvm::ArrayRef<const clang::Expr*> arguments, const std::vector<Value>& values,
                                 const clang::Expr* call) {
  std::string text;
  if (!format.is(Value::Kind::string) || !full_text(format.text, text)) return Value::unknown("the format is not known in full");
  FilledFormat filled(format.text);
  std::size_t next = 0;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] != '%') {
      ++at;
      continue;
    }
    if (at + 1 < text.size() && text[at + 1] == '%') {
      filled.replace(at + 1, at + 2, {});
      at += 2;
      continue;
    }
    std::size_t end = at + 1;
    bool simple = true;
    while (end < text.size() && std::string_view("0123456789.+-# *'").find(text[end]) != std::string_view::npos) {
      if (text[end] == '*') ++next;
      ++end;
      simple = false;
    }
    while (end < text.size() && std::string_view("hljztL").find(text[end]) != std::string_view::npos) ++end;
    if (end >= text.size()) break;
    const char kind = text[end];
    const bool takes = simple && std::string_view("sdiuc").find(kind) != std::string_view::npos;
    if (takes && next < values.size()) {
      Value value = values[next];
      value.is_character = kind == 'c';
      filled.replace(at, end + 1, text_of(value, arguments[next]));
    } else {
      filled.replace(at, end + 1, {hole(next < arguments.size() ? arguments[next] : call, "a format makes it")});
    }
    ++next;
    at = end + 1;
  }
  return filled.text(text.size());
}

Value Interpreter::replace_qt_arguments(const Value& format, llvm::ArrayRef<const clang::Expr*> arguments, const std::vector<Value>& values,
                                        const clang::Expr* /*call*/) {
  // %1 … %99: the lowest numbers take the arguments in order.
  std::map<int, std::vector<std::pair<std::size_t, std::size_t>>> marks;
  std::string text;
  for (const Segment& segment : format.text) text += segment.kind == Segment::Kind::hole ? std::string() : segment.text;
  for (std::size_t at = 0; at + 1 < text.size(); ++at) {
    if (text[at] != '%' || std::isdigit(static_cast<unsigned char>(text[at + 1])) == 0) continue;
    std::size_t end = at + 1;
    int number = 0;
    while (end < text.size() && end < at + 3 && std::isdigit(static_cast<unsigned char>(text[end])) != 0)
      number = number * 10 + (text[end++] - '0');
    marks[number].emplace_back(at, end);
  }
  std::map<std::size_t, std::pair<std::size_t, std::size_t>> places;  // begin → end and which argument
  std::size_t which = 0;
  for (const auto& [number, uses] : marks) {
    if (which >= values.size() || llvm::isa<clang::CXXDefaultArgExpr>(arguments[which])) break;
    for (const auto& [begin, end] : uses) places.emplace(begin, std::pair(end, which));
    ++which;
  }
  FilledFormat filled(format.text);
  for (const auto& [begin, use] : places) filled.replace(begin, use.first, text_of(values[use.second], arguments[use.second]));
  return filled.text(text.size());
}

}  // namespace cupel::cxx

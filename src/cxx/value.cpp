#include "cxx/value.h"

#include <algorithm>

namespace cupel::cxx {

Value Value::unknown(std::string why) {
  Value value;
  value.reason = std::move(why);
  return value;
}

Value Value::of_text(std::vector<Segment> segments) {
  Value value;
  value.kind = Kind::string;
  value.text = std::move(segments);
  return value;
}

Value Value::of_integer(long long number) {
  Value value;
  value.kind = Kind::integer;
  value.integer = number;
  return value;
}

Value Value::of_boolean(bool truth) {
  Value value;
  value.kind = Kind::boolean;
  value.integer = truth ? 1 : 0;
  return value;
}

Value Value::copy() const {
  Value made = *this;
  for (Cell& item : made.items) item = std::make_shared<Value>(item->copy());
  for (auto& [name, field] : made.fields) field = std::make_shared<Value>(field->copy());
  return made;
}

bool operator==(const Value& a, const Value& b) {
  if (a.kind != b.kind) return false;
  const auto same = [](const Cell& x, const Cell& y) { return x == y || *x == *y; };
  switch (a.kind) {
    case Value::Kind::unknown:
    case Value::Kind::null: return true;
    case Value::Kind::string: return a.text == b.text;
    case Value::Kind::integer:
    case Value::Kind::boolean: return a.integer == b.integer;
    case Value::Kind::real: return a.real == b.real;
    case Value::Kind::list: return std::ranges::equal(a.items, b.items, same);
    case Value::Kind::record:
      return std::ranges::equal(a.fields, b.fields,
                                [&](const auto& x, const auto& y) { return x.first == y.first && same(x.second, y.second); });
    case Value::Kind::pointer: return a.target == b.target;
    case Value::Kind::lambda: return a.lambda == b.lambda;
    case Value::Kind::member: return a.member == b.member;
    case Value::Kind::function: return a.function == b.function;
  }
  return false;
}

Value either(const Value& a, const Value& b, const std::string& reason, const Place& place) {
  if (a == b) return a;
  if (!a.is(Value::Kind::string) || !b.is(Value::Kind::string)) return Value::unknown(reason);
  const std::size_t most = std::min(a.text.size(), b.text.size());
  std::size_t front = 0;
  while (front < most && a.text[front] == b.text[front]) ++front;
  std::size_t back = 0;
  while (back < most - front && a.text[a.text.size() - 1 - back] == b.text[b.text.size() - 1 - back]) ++back;
  std::vector<Segment> text(a.text.begin(), a.text.begin() + static_cast<std::ptrdiff_t>(front));
  Segment hole;
  hole.kind = Segment::Kind::hole;
  hole.text = "condition";
  hole.place = place;
  hole.reason = reason;
  text.push_back(std::move(hole));
  text.insert(text.end(), a.text.end() - static_cast<std::ptrdiff_t>(back), a.text.end());
  return Value::of_text(std::move(text));
}

bool full_text(const std::vector<Segment>& segments, std::string& to) {
  for (const Segment& segment : segments) {
    if (segment.kind == Segment::Kind::hole) return false;
    to += segment.text;
  }
  return true;
}

std::string rough_text(const std::vector<Segment>& segments) {
  std::string text;
  for (const Segment& segment : segments) text += segment.kind == Segment::Kind::hole ? std::string(" ") : segment.text;
  return text;
}

std::vector<Segment> slice(const std::vector<Segment>& segments, std::size_t begin, std::size_t end) {
  std::vector<Segment> cut;
  std::size_t at = 0;
  for (const Segment& segment : segments) {
    const std::size_t size = segment.kind == Segment::Kind::hole ? 0 : segment.text.size();
    const std::size_t from = std::max(begin, at);
    const std::size_t to = std::min(end, at + size);
    if (segment.kind == Segment::Kind::hole) {
      if (at >= begin && at <= end) cut.push_back(segment);
    } else if (from < to) {
      Segment part = segment;
      part.text = segment.text.substr(from - at, to - from);
      part.offset += static_cast<std::uint32_t>(from - at);
      cut.push_back(std::move(part));
    }
    at += size;
  }
  return cut;
}

namespace {

// The runs of a literal under a slice of it.
void add_literal(const Segment& segment, std::vector<Stretch>& to) {
  const Literal& literal = *segment.literal;
  const auto begin = segment.offset;
  const auto end = begin + static_cast<std::uint32_t>(segment.text.size());
  for (const Run& run : literal.decoded.runs) {
    const std::uint32_t from = std::max(begin, run.offset);
    const std::uint32_t until = std::min(end, run.offset + run.size);
    if (from >= until) continue;
    Stretch stretch;
    stretch.text = segment.text.substr(from - begin, until - from);
    const bool exact = run.size == run.source_size;
    stretch.place = {literal.place.file, run.source + (exact ? from - run.offset : 0),
                     run.source + (exact ? until - run.offset : run.source_size)};
    to.push_back(std::move(stretch));
  }
}

}  // namespace

std::vector<Stretch> stretches(const std::vector<Segment>& segments) {
  std::vector<Stretch> made;
  for (const Segment& segment : segments) {
    if (segment.kind == Segment::Kind::literal && segment.literal->mapped) {
      add_literal(segment, made);
    } else {
      Stretch stretch;
      stretch.text = segment.text;
      stretch.place = segment.kind == Segment::Kind::literal ? segment.literal->place : segment.place;
      stretch.hole = segment.kind == Segment::Kind::hole;
      stretch.reason = segment.reason;
      made.push_back(std::move(stretch));
    }
  }
  return made;
}

}  // namespace cupel::cxx

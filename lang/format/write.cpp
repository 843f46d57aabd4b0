#include "lang/format/write.h"

#include <algorithm>

namespace bulkhead::format {

Write& Write::operator<<(std::string_view text) {
  text_ += text;
  return *this;
}

Write& Write::operator<<(const ast::Name& name) {
  return *this << name.text;
}

Write& Write::operator<<(const ast::Path& path) {
  return *this << path.text();
}

Write& Write::operator<<(const ast::String& string) {
  text_ += '"';
  for (const char c : string.value) {
    if (c == '"' || c == '\\') text_ += '\\';
    if (c == '\n')
      text_ += "\\n";
    else if (c == '\t')
      text_ += "\\t";
    else if (c == '\r')
      text_ += "\\r";
    else
      text_ += c;
  }
  text_ += '"';
  return *this;
}

Write& Write::operator<<(const ast::Number& number) {
  if (number.negative) text_ += '-';
  if (number.hexadecimal) {
    std::string digits;
    for (std::uint64_t rest = number.whole; rest != 0 || digits.empty(); rest /= 16) {
      digits.insert(digits.begin(), "0123456789abcdef"[rest % 16]);
    }
    text_ += "0x" + digits;
  } else {
    text_ += std::to_string(number.whole);
  }
  if (number.millionths != 0) {
    std::string digits = std::to_string(1'000'000 + number.millionths).substr(1);
    while (digits.back() == '0') digits.pop_back();
    text_ += "." + digits;
  }
  if (number.unit != ast::Unit::None) text_ += " " + to_string(number.unit);
  if (number.per_second) text_ += number.unit == ast::Unit::None ? " /s" : "/s";
  return *this;
}

Write& Write::operator<<(const ast::FilePattern& pattern) {
  if (pattern.volume) *this << *pattern.volume << ":";
  return *this << pattern.glob;
}

Write& Write::operator<<(const ast::NetPattern& pattern) {
  if (pattern.any) *this << "any";
  for (std::size_t i = 0; i < pattern.addresses.size(); ++i) *this << (i > 0 ? ", " : "") << pattern.addresses[i].text;
  for (std::size_t i = 0; i < pattern.ports.size(); ++i) {
    const ast::PortRange& range = pattern.ports[i];
    *this << (i > 0 ? ", " : " port ") << range.first;
    if (range.last.whole != range.first.whole) *this << ".." << range.last;
  }
  if (pattern.proto) *this << " " << *pattern.proto;
  return *this;
}

Write& Write::operator<<(const ast::ObjectItem& item) {
  std::visit([this](const auto& form) { *this << form; }, item);
  return *this;
}

Write& Write::operator<<(const ast::Objects& objects) {
  return list(objects.items, ", ");
}

Write& Write::operator<<(const ast::SubjectRef& subject) {
  if (subject.kind) *this << *subject.kind << " ";
  return *this << subject.name;
}

Write& Write::operator<<(const ast::Binder& binder) {
  *this << binder.variable << ": " << binder.kind;
  if (binder.within) *this << " in " << *binder.within;
  return *this;
}

Write& Write::operator<<(const ast::Rule& rule) {
  *this << (rule.effect == ast::Effect::Allow ? "may " : "never ");
  list(rule.rights, ", ");
  *this << " " << rule.objects;
  if (rule.when) *this << " when " << *rule.when;
  return *this << ";";
}

Write& Write::operator<<(const ast::Delegation& delegation) {
  *this << "may delegate ";
  list(delegation.rights, ", ");
  *this << " on " << delegation.objects << " to " << delegation.to << " via " << delegation.via;
  if (delegation.when) *this << " when " << *delegation.when;
  return *this << ";";
}

Write& Write::operator<<(const ast::TakingBack& taking) {
  *this << "may revoke ";
  list(taking.rights, ", ");
  *this << " on " << taking.objects << " from " << taking.from;
  if (taking.when) *this << " when " << *taking.when;
  return *this << ";";
}

Write& Write::operator<<(const ast::Amount& amount) {
  return *this << amount.resource << " " << amount.number;
}

Write& Write::operator<<(ast::ExprId expr) {
  return *this << condition(module_, expr);
}

void Write::doc(const ast::Doc& doc) {
  if (doc.empty()) return;
  std::size_t begin = 0;
  while (begin <= doc.size()) {
    const std::size_t end = std::min(doc.find('\n', begin), doc.size());
    const std::string_view line = std::string_view(doc).substr(begin, end - begin);
    *this << (line.empty() ? "///" : "/// ") << line << "\n";
    begin = end + 1;
  }
}

}  // namespace bulkhead::format

// Rules and the objects that they speak of, as they are written.
#pragma once

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "lang/ast/expr.h"
#include "lang/ast/word.h"

namespace bulkhead::ast {

/// `"/etc/passwd"` (own root), `host:"/etc/passwd"`, `DataVol:"/**"`.
struct FilePattern {
  std::optional<Name> volume;
  String glob;
  Span span;
};

struct PortRange {
  Number first;
  Number last;  // the same number where one port was written
};

/// `10.0.7.0/24, fd00:7::/48 port 443, 8000..8080 tcp`: every address with every port. No port, no protocol: all of
/// them.
struct NetPattern {
  bool any = false;  // the word `any` instead of addresses
  std::vector<Address> addresses;
  std::vector<PortRange> ports;
  std::optional<Name> proto;  // `tcp` or `udp`
  Span span;
};

/// One element of a list of objects: a declared name, or a pattern in place.
using ObjectItem = std::variant<Path, FilePattern, NetPattern>;

struct Objects {
  std::vector<ObjectItem> items;
  Span span;
};

/// `host`, `Agent`, `container Agent`, `pod Social`: the word before the name, if any, is checked by whoever resolves
/// it.
struct SubjectRef {
  std::optional<Name> kind;
  Path name;
  Span span;
};

enum class Effect : std::uint8_t { Allow, Deny };

/// `may read Data, Scratch when ...;` and `never ...` inside a body.
struct Rule {
  Effect effect = Effect::Allow;
  Span keyword;
  std::vector<Name> rights;
  Objects objects;
  std::optional<ExprId> when;
};

/// `c: container`, `f: file`, `f: file in Data, "/x/**"`.
struct Binder {
  Name variable;
  Name kind;
  std::optional<Objects> within;
  Span span;
};

/// `permit c: container to read f: file when ...;` and `forbid ...`.
struct AccessRule {
  Effect effect = Effect::Allow;
  Span keyword;
  std::variant<Binder, SubjectRef> subject;
  std::vector<Name> rights;
  std::variant<Binder, Objects> object;
  std::optional<ExprId> when;
};

}  // namespace bulkhead::ast

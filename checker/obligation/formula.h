// Formula: a condition on one object and on contexts, without names or rules left in it; what the solver is asked
// about.
//
// checker/obligation has already put the subject's attributes, the label lattice, `has` and evaluation errors into it,
// so a formula means the same to everybody: a Boolean combination of
//
//   Member(P)          the object lies in the pattern set P (patterns[P])
//   Has(a, k)          context copy k has a value for the optional attribute a
//   ContextBool(a, k)  the value of the Boolean attribute a in context copy k
//   Compare(op, t, u)  of two 64 bit words
//   NoContext(f)       no pair of contexts makes f true for this object (never nested)
//   Variable(i)        equations[i], in the least solution of all equations: false wherever nothing makes it true
//
// What somebody can come to by being handed it is such a least solution. Above variables there are And and Or alone,
// and in an equation the object is read by Member alone, and contexts only inside of NoContext. So there is a least
// solution; what a variable is follows from the memberships of the object and from nothing else; and a formula that is
// false for variables that are closed under the equations, and maybe too many, is false.
//
// Contexts are copies 0 and 1: "a writes it in some context and b reads it in some other" needs two of them.
//
// What the free parts range over:
// * a file object: every volume of the world, every valid path (is_valid_path in lang/ir/glob.h);
// * a net object: every address of either family, port, proto; a syscall: every named syscall and the unknown one
//   (word: World::syscalls.size()), six 64 bit arguments; a kernel capability: 0 .. 63;
// * a context attribute: any 64 bit word, but Enum below the number of members, Label below the number of labels. A
// word of a
//   String attribute is an index into `strings`; every larger word is some string that no condition names;
// * Has(a, k) is a free Boolean, but only made for optional attributes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lang/base/id.h"
#include "lang/ir/expr.h"
#include "lang/ir/object.h"
#include "lang/ir/right.h"

namespace bulkhead::obligation {

using NodeId = Id<struct NodeTag>;
using TermId = Id<struct TermTag>;
using PatternId = Id<struct PatternTag>;
using VariableId = Id<struct VariableTag>;

enum class TermKind : std::uint8_t {
  Constant,  // value
  Field,     // field: Port, Proto (the number of ir::Proto), Number (of a capability), Argument0 .. Argument5
  Context,   // attribute, copy
  BitAnd     // left, right
};
struct Term {
  TermKind kind = TermKind::Constant;
  std::uint64_t value = 0;
  ir::ObjectField field = ir::ObjectField::None;
  ir::AttributeId attribute;
  std::uint8_t copy = 0;
  TermId left;
  TermId right;
  friend auto operator<=>(const Term&, const Term&) = default;
};

enum class Comparison : std::uint8_t { Equal, UnsignedLess, UnsignedLessEqual, SignedLess, SignedLessEqual };

enum class NodeKind : std::uint8_t {
  True,
  False,
  And,
  Or,
  Not,
  Member,
  Has,
  ContextBool,
  Compare,
  NoContext,
  Variable
};
struct Node {
  NodeKind kind = NodeKind::False;
  PatternId pattern;          // Member
  ir::AttributeId attribute;  // Has, ContextBool
  std::uint8_t copy = 0;      // Has, ContextBool
  Comparison comparison = Comparison::Equal;
  TermId left;  // Compare
  TermId right;
  VariableId variable;           // Variable
  std::vector<NodeId> children;  // And, Or (two or more, sorted, no two equal); Not, NoContext (one)
  friend auto operator<=>(const Node&, const Node&) = default;
};

/// An arena: children stand before their parents, equal nodes are one node, node 0 is False, node 1 is True; only
/// nodes, patterns and equations that `root` reaches are kept (and nodes 0 and 1). The makers of formulas fold
/// constants, so a formula that is empty for want of any rule is just False.
struct Formula {
  std::vector<Node> nodes;
  std::vector<Term> terms;
  std::vector<ir::ObjectPatterns> patterns;  // no two equal; each sorted; never `everything`, never empty
  std::vector<std::string> strings;
  std::vector<NodeId> equations;  // by VariableId
  NodeId root;

  const Node& at(NodeId id) const { return nodes.at(id.index()); }
  const Term& at(TermId id) const { return terms.at(id.index()); }
  const ir::ObjectPatterns& at(PatternId id) const { return patterns.at(id.index()); }
  bool is_false() const { return root == NodeId{0}; }
  bool is_true() const { return root == NodeId{1}; }
};

/// "Is there an object of the plane, and contexts, that make the formula true?"
struct Query {
  ir::Plane plane = ir::Plane::File;
  Formula formula;
  std::optional<ir::Object> object;  // asked about this one object only
};

/// The query as canonical text, one node on a line: equal text, equal query. What digests and caches are made of.
std::string to_text(const Query& query);

/// Where a pattern occurs: under an even number of negations, an odd one (NoContext counts as one), or both.
enum class Polarity : std::uint8_t { Positive, Negative, Both };
std::vector<Polarity> polarities(const Formula& formula);

}  // namespace bulkhead::obligation

// Formulas as terms for a solver, and models back as objects and contexts.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "checker/encode/kleene.h"
#include "checker/obligation/formula.h"
#include "checker/term/term.h"
#include "lang/ir/request.h"
#include "lang/ir/world.h"

namespace bulkhead::encode {

/// The values of both context copies, as requests carry them.
using Context = std::map<ir::AttributeId, ir::Value>;
struct Contexts {
  Context copies[2];
};

/// One formula over one object in a store. Memberships that are Unknown are only understood for patterns of nets, whose
/// address, port and proto then are variables too.
///
/// Soundness: equisatisfiable with the formula over the objects that have these memberships and fields. Test: Encode.*.
class Encoding {
 public:
  Encoding(term::Store& store, const ir::World& world, const obligation::Formula& formula);

  /// What has to be true together: the formula (or the part of it under `root`), and that every variable of a solver
  /// has a value of its domain. `solution`: the least solution of the equations, by VariableId.
  std::vector<term::TermId> assertions(std::span<const Truth> members, const Fields& fields,
                                       const std::vector<bool>& solution = {},
                                       std::optional<obligation::NodeId> root = std::nullopt);

  /// The contexts of a model; attributes that it leaves open get the least value of their type.
  Contexts contexts(const term::Assignment& model) const;
  /// A field of the object in a model; 0 where it does not matter.
  std::uint64_t field(const term::Assignment& model, ir::ObjectField field) const;
  ir::NetObject net_object(const term::Assignment& model) const;

 private:
  struct Scope {
    std::span<const Truth> members;
    const Fields& fields;
    bool quantified = false;            // inside NoContext: the context has names of its own
    std::vector<term::TermId> bound;    // its variables
    std::vector<term::TermId> domains;  // what the values of the context are
    const std::vector<bool>* solution = nullptr;
  };

  term::TermId formula_term(obligation::NodeId root, Scope& scope);
  term::TermId node_term(const obligation::Node& node, const std::map<obligation::NodeId, term::TermId>& done,
                         Scope& scope);
  term::TermId no_context(obligation::NodeId child, const Scope& outer);
  term::TermId word(obligation::TermId id, Scope& scope);
  term::TermId field_variable(ir::ObjectField field, Scope& scope);
  term::TermId context_variable(const char* kind, ir::AttributeId attribute, std::uint8_t copy, term::Sort sort,
                                Scope& scope);
  term::TermId net_member(const ir::ObjectPatterns& patterns, Scope& scope);
  std::optional<std::uint64_t> word_bound(ir::AttributeId attribute) const;
  ir::Value value_of(ir::AttributeId attribute, std::uint64_t word) const;
  std::optional<std::uint64_t> model_word(const term::Assignment& model, const std::string& name) const;

  term::Store& store_;
  const ir::World& world_;
  const obligation::Formula& formula_;
  std::map<std::string, term::TermId> variables_;  // that stand free, by name
  std::vector<term::TermId> object_domains_;       // what the object's fields are, wherever they are read
};

}  // namespace bulkhead::encode

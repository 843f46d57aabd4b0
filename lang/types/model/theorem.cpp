#include "lang/types/model/theorem.h"

#include <algorithm>
#include <set>

#include "lang/base/overloaded.h"
#include "lang/types/model/expressions.h"

namespace bulkhead::model {
namespace {

constexpr std::uint64_t kMaxBound = 1'000'000;

class TheoremLowering {
 public:
  TheoremLowering(Systems& systems, const resolve::Modules& modules, const resolve::Names& names, ModuleId from,
                  diag::DiagnosticSink& sink)
      : systems_(systems), modules_(modules), names_(names), scope_{from, {}}, sink_(sink) {}

  using Form = std::optional<ir::TheoremClaim>;

  Form operator()(const ast::TheoremClaim& claim) {
    if (claim.theorem.simple()) return std::nullopt;  // reported by the parser
    const std::vector<std::size_t> splits = readings(claim.theorem);
    if (splits.size() > 1) {
      reads_twice(claim.theorem, splits);
      return std::nullopt;
    }
    const std::size_t split = splits.empty() ? claim.theorem.parts.size() - 1 : splits.front();
    Model* model = find(claim.theorem, split);
    if (model == nullptr) return std::nullopt;
    const ast::Name name = tail(claim.theorem, split);
    std::vector<std::string> known;
    for (std::size_t i = 0; i < model->system.properties.size(); ++i) {
      const system::Property& property = model->system.properties[i];
      if (property.name == name.text && property.kind == system::PropertyKind::Assumption) {
        model->error(Code::WrongKindOfName, name.span, "`" + name.text + "` is an assumption, which nothing proves",
                     "claim an `invariant` or a `lemma`");
        return std::nullopt;
      }
      if (property.name == name.text) return made(*model, system::Always{system::PropertyId(i)}, claim.bounds);
      known.push_back(property.name);
    }
    if (systems_.by_name.count(claim.theorem.text()) != 0) {
      model->error(Code::IncompleteClaim, claim.theorem.span, "nothing is claimed about `" + claim.theorem.text() + "`",
                   "say which invariant holds there: `" + claim.theorem.text() + "." +
                       (known.empty() ? "NAME" : known.front()) + "`");
      return std::nullopt;
    }
    model->unknown(name, "invariant or lemma of `" + model->system.name + "`", known);
    return std::nullopt;
  }

  Form operator()(const ast::UnreachableClaim& claim) {
    Model* model = find(claim.system, claim.system.parts.size());
    if (model == nullptr) return std::nullopt;
    const auto formula = Expressions(*model, scope_).truth(claim.formula);
    if (!formula) return std::nullopt;
    return made(*model, system::Never{*formula}, claim.bounds);
  }

  Form operator()(const ast::LeadsToClaim& claim) {
    Model* model = claim.system ? find(*claim.system, claim.system->parts.size()) : guess(claim);
    if (model == nullptr) return std::nullopt;
    const auto each = introduce(*model, claim.each, scope_);
    if (!each) return std::nullopt;
    system::LeadsTo statement{*each, {}, {}, {}, {}};
    const auto from = Expressions(*model, scope_).truth(claim.from);
    const auto to = Expressions(*model, scope_).truth(claim.to);
    bool failed = !from || !to;
    for (const ast::LeadsToClaim::Fair& fair : claim.fair) {
      const auto action = find_action(*model, fair.action);
      failed = failed || !action;
      if (action) statement.fair.push_back({*action, fair.strong});
    }
    for (const ast::ExprId one : claim.rank) {
      const auto measure = whole_number(*model, one);
      failed = failed || !measure;
      if (measure) statement.rank.push_back(*measure);
    }
    if (failed) return std::nullopt;
    statement.from = *from;
    statement.to = *to;
    return made(*model, std::move(statement), claim.bounds);
  }

  Form operator()(const ast::LeaksClaim& claim) {
    Model* model = find(claim.system, claim.system.parts.size());
    if (model == nullptr) return std::nullopt;
    const auto observer = bind_party(*model, claim.observer);
    if (!observer) return std::nullopt;
    const system::Type type = model->system.at(*observer).type;
    system::LeaksNothing statement{{}, *observer, {}, {}};
    for (std::size_t i = 0; i < model->system.views.size(); ++i) {
      if (model->system.at(model->system.views[i].observer).type == type) statement.view = system::ViewId(i);
    }
    if (!statement.view.valid()) {
      model->error(Code::UnclearModel, claim.observer.type.span,
                   "`" + model->system.name + "` does not say what a " + model->spell(type) + " sees",
                   "write `view of o: " + claim.observer.type.text + " sees ...;` in the model");
      return std::nullopt;
    }
    if (!claim.source) {
      statement.source = model->builder.binder("source", type);
      return made(*model, std::move(statement), claim.bounds);
    }
    const auto source = bind_party(*model, *claim.source);
    if (!source) return std::nullopt;
    statement.source = *source;
    if (model->system.at(*source).type != type) {
      model->error(Code::TypeMismatch, claim.source->type.span, "observer and source are of one type",
                   "write `" + claim.source->variable.text + ": " + claim.observer.type.text + "`");
      return std::nullopt;
    }
    statement.except = model->builder.truth(true);
    if (claim.where) {
      const auto where = Expressions(*model, scope_).truth(*claim.where);
      if (!where) return std::nullopt;
      if (model->reads_state(*where)) {
        model->error(Code::ReadsState, modules_.at(scope_.module).tree.at(*claim.where).span,
                     "who is excepted cannot depend on what changes", "declare a `relation`");
        return std::nullopt;
      }
      statement.except = *where;
    }
    if (!model->accept(statement.except, claim.source->variable.span)) return std::nullopt;
    return made(*model, std::move(statement), claim.bounds);
  }

  template <typename Other>
  Form operator()(const Other&) {
    return std::nullopt;
  }

 private:
  void error(Code code, const ast::Span& span, std::string message, std::string help) {
    sink_.report({code, span, std::move(message), {}, std::move(help), {}});
  }

  static std::string joined(const ast::Path& path, std::size_t begin, std::size_t end) {
    std::string text;
    for (std::size_t i = begin; i < end; ++i) text += (i == begin ? "" : ".") + path.parts[i].text;
    return text;
  }
  static ast::Name tail(const ast::Path& path, std::size_t begin) {
    const ast::Span& first = path.parts[begin].span;
    return {joined(path, begin, path.parts.size()), {first.file, first.begin, path.parts.back().span.end}};
  }

  /// How many parts of the name of a theorem may name its system: properties of a composition have names with a dot,
  /// and so has a variant. The longest first; none where nothing has such a property.
  std::vector<std::size_t> readings(const ast::Path& path) const {
    std::vector<std::size_t> all;
    const std::size_t count = path.parts.size();
    for (std::size_t parts = count - 1; parts > 0; --parts) {
      const auto found = systems_.by_name.find(joined(path, 0, parts));
      if (found == systems_.by_name.end()) continue;
      const std::vector<system::Property>& properties = systems_.all[found->second]->system.properties;
      const std::string name = joined(path, parts, count);
      const auto is_named = [&](const system::Property& property) { return property.name == name; };
      if (std::any_of(properties.begin(), properties.end(), is_named)) all.push_back(parts);
    }
    return all;
  }

  void reads_twice(const ast::Path& path, const std::vector<std::size_t>& splits) {
    const std::size_t count = path.parts.size();
    const std::string variant = joined(path, 0, splits.front()), whole = joined(path, 0, splits.back());
    systems_.all[systems_.by_name.at(whole)]->error(Code::BadComposition, path.span,
                                                    "`" + path.text() + "` is `" + joined(path, splits.front(), count) +
                                                        "` of the variant `" + variant + "`, and `" +
                                                        joined(path, splits.back(), count) + "` of `" + whole + "`",
                                                    "give the variant another name than the component has");
  }

  /// The system that the first `parts` of a path name. A protocol's name is known and names none.
  Model* find(const ast::Path& path, std::size_t parts) {
    const ast::Name& first = path.parts.front();
    if (!names_.peek(resolve::Space::Models, first.text) && names_.is_dynamic(first.text)) return nullptr;
    if (!names_.find(resolve::Space::Models, first, scope_.module, sink_)) return nullptr;
    std::string name = first.text;
    for (std::size_t i = 1; i < parts && i < path.parts.size(); ++i) name += "." + path.parts[i].text;
    const auto found = systems_.by_name.find(name);
    if (found != systems_.by_name.end()) {
      index_ = found->second;
      return systems_.all[index_].get();
    }
    if (parts < 2) return nullptr;  // the model has mistakes
    std::vector<std::string> known;
    for (const auto& [word, index] : systems_.by_name) {
      if (word.rfind(first.text + ".", 0) == 0) known.push_back(word.substr(first.text.size() + 1));
    }
    const auto base = systems_.by_name.find(first.text);
    if (base != systems_.by_name.end()) {
      systems_.all[base->second]->unknown(path.parts[1], "variant of `" + first.text + "`", known);
    }
    return nullptr;
  }

  /// The one model that declares every name of a claim.
  Model* guess(const ast::LeadsToClaim& claim) {
    std::set<std::string> values;
    std::set<std::string> types;
    collect(claim.from, values, types);
    collect(claim.to, values, types);
    for (const ast::ExprId one : claim.rank) collect(one, values, types);
    for (const ast::Binding& binding : claim.each) types.insert(binding.type.text);
    for (const ast::Binding& binding : claim.each) {
      for (const ast::Name& name : binding.names) values.erase(name.text);
    }
    std::vector<std::size_t> fitting;
    for (std::size_t i = 0; i < systems_.all.size(); ++i) {
      const Model& model = *systems_.all[i];
      if (!model.draft.variant.empty()) continue;
      if (!modules_.sees[scope_.module.index()][model.draft.module.index()]) continue;
      if (declares(model, values, types)) fitting.push_back(i);
    }
    if (fitting.size() == 1) {
      index_ = fitting[0];
      return systems_.all[index_].get();
    }
    const ast::Span span = modules_.at(scope_.module).tree.at(claim.from).span;
    if (modules_.incomplete) return nullptr;
    if (fitting.empty()) {
      error(Code::UnclearModel, span, "no model declares all the names of this claim",
            "say which model it is about: `in MODEL: ...`");
    } else {
      error(Code::UnclearModel, span,
            "both `" + systems_.all[fitting[0]]->system.name + "` and `" + systems_.all[fitting[1]]->system.name +
                "` declare the names of this claim",
            "say which model it is about: `in " + systems_.all[fitting[0]]->system.name + ": ...`");
    }
    return nullptr;
  }

  /// The names in an expression that its own quantifiers do not bind.
  void collect(ast::ExprId root, std::set<std::string>& values, std::set<std::string>& types) const {
    const ast::Module& tree = modules_.at(scope_.module).tree;
    std::set<std::string> bound;
    for (std::vector<ast::ExprId> open{root}; !open.empty();) {
      const ast::Expr& expr = tree.at(open.back());
      open.pop_back();
      if (const auto* path = std::get_if<ast::Path>(&expr.value)) values.insert(path->parts[0].text);
      if (const auto* bindings = std::get_if<ast::Bindings>(&expr.value)) {
        for (const ast::Binding& binding : *bindings) {
          types.insert(binding.type.text);
          for (const ast::Name& name : binding.names) bound.insert(name.text);
        }
      }
      open.insert(open.end(), expr.args.begin(), expr.args.end());
    }
    for (const std::string& name : bound) values.erase(name);
  }

  static bool declares(const Model& model, const std::set<std::string>& values, const std::set<std::string>& types) {
    for (const std::string& name : types) {
      if (model.types.count(name) == 0) return false;
    }
    for (const std::string& name : values) {
      const bool known = model.variables.count(name) != 0 || model.definitions.count(name) != 0 ||
                         model.members.count(name) != 0 || model.types.count(name) != 0;
      if (!known) return false;
    }
    return true;
  }

  std::optional<system::ActionId> find_action(Model& model, const ast::Name& name) {
    std::vector<std::string> known;
    for (std::size_t i = 0; i < model.system.actions.size(); ++i) {
      if (model.system.actions[i].name == name.text) return system::ActionId(i);
      known.push_back(model.system.actions[i].name);
    }
    model.unknown(name, "action of `" + model.system.name + "`", known);
    return std::nullopt;
  }

  /// What a rank measures: an integer, since a word that goes down may wrap.
  std::optional<TermId> whole_number(Model& model, ast::ExprId id) {
    const auto value = Expressions(model, scope_).value(id, Type{Type::Form::Scalar, system::kInt, 0});
    if (!value) return std::nullopt;
    if (value->type.form == Type::Form::Scalar && value->type.scalar == system::kInt) return value->term;
    model.error(Code::TypeMismatch, modules_.at(scope_.module).tree.at(id).span,
                "a rank is made of integers, and this is " + model.spell(value->type),
                "write what goes down as an `int`");
    return std::nullopt;
  }

  std::optional<system::BinderId> bind_party(Model& model, const ast::LeaksClaim::Party& party) {
    const auto bound = introduce(model, {{{party.variable}, party.type, party.variable.span}}, scope_);
    if (!bound) return std::nullopt;
    const system::Type& type = model.system.at(bound->front()).type;
    if (type.kind == system::Kind::Sort || type.kind == system::Kind::Enum) return bound->front();
    model.error(Code::TypeMismatch, party.type.span, "an observer is an element of a sort or of an enum");
    return std::nullopt;
  }

  Form made(Model& model, system::Statement statement, const ast::Bounds& bounds) {
    system::Theorem theorem{std::move(statement), {}};
    std::set<std::string> seen;
    for (const ast::Bounds::Size& size : bounds.sizes) {
      const auto type = model.scalar_type(size.sort, scope_.module);
      if (!type) return std::nullopt;
      if (type->kind != system::Kind::Sort) {
        model.error(Code::TypeMismatch, size.sort.span, "only a sort has a size that a claim can set");
        return std::nullopt;
      }
      if (!seen.insert(size.sort.text).second) {
        model.error(Code::SetTwice, size.sort.span, "the size of `" + size.sort.text + "` is given twice");
        return std::nullopt;
      }
      const auto count = number(model, size.count, 1);
      if (!count) return std::nullopt;
      theorem.bounds.sizes.emplace_back(type->sort, *count);
    }
    if (bounds.steps && std::holds_alternative<system::LeadsTo>(theorem.statement)) {
      model.error(Code::Misplaced, bounds.steps->span,
                  "`leads to` speaks of runs without end, of which the first steps show nothing",
                  "leave `within` out; what comes within so many steps is counted by a variable of the model");
      return std::nullopt;
    }
    if (bounds.steps) {
      theorem.bounds.steps = number(model, *bounds.steps, 0);
      if (!theorem.bounds.steps) return std::nullopt;
    }
    return ir::TheoremClaim{ir::SystemId(index_), std::move(theorem)};
  }

  std::optional<std::uint32_t> number(Model& model, const ast::Number& written, std::uint64_t least) {
    if (written.plain_integer() && written.whole >= least && written.whole <= kMaxBound) {
      return static_cast<std::uint32_t>(written.whole);
    }
    model.error(Code::QuantityOutOfRange, written.span,
                "this is a whole number from " + std::to_string(least) + " to " + std::to_string(kMaxBound));
    return std::nullopt;
  }

  Systems& systems_;
  const resolve::Modules& modules_;
  const resolve::Names& names_;
  Scope scope_;
  diag::DiagnosticSink& sink_;
  std::size_t index_ = 0;
};

}  // namespace

std::optional<ir::TheoremClaim> lower_theorem(Systems& systems, const resolve::Modules& modules,
                                              const resolve::Names& names, ModuleId from, const ast::Claim& claim,
                                              diag::DiagnosticSink& sink) {
  return std::visit(TheoremLowering(systems, modules, names, from, sink), claim.form);
}

}  // namespace bulkhead::model

#include "lang/format/write.h"

namespace bulkhead::format {
namespace {

/// The text of one sentence of a model, one function for each form.
class ModelText {
 public:
  explicit ModelText(Write& write) : write_(write) {}

  void operator()(const ast::SortDecl& s) {
    write_ << "sort ";
    write_.list(s.names, ", ");
    write_ << ";";
  }
  void operator()(const ast::EnumDecl& s) { write_ << s; }
  void operator()(const ast::RecordDecl& s) {
    write_ << "record " << s.name << " {\n";
    for (const auto& field : s.fields) {
      write_ << field.name << ": ";
      type(field.type);
      write_ << ";\n";
    }
    write_ << "}";
  }
  void operator()(const ast::FunctionDecl& s) {
    declaration(s);
    write_ << ";";
  }
  void declaration(const ast::FunctionDecl& s) {
    static constexpr std::string_view kWords[] = {"const ", "relation ", "var "};
    write_ << kWords[static_cast<std::size_t>(s.keyword)] << s.name << ": ";
    if (!s.arguments.empty()) arguments(s);
    if (s.result) type(*s.result);
    if (s.from_policy) write_ << " from policy";
    if (s.initial) write_ << " = " << *s.initial;
  }
  void operator()(const ast::DefineDecl& s) {
    write_ << "define " << s.name;
    parameters(s.parameters);
    write_ << " = " << s.body << ";";
  }
  void operator()(const ast::InitiallyDecl& s) { write_ << "initially " << s.formula << ";"; }
  void operator()(const ast::ActionDecl& s) {
    write_ << "action " << s.name;
    parameters(s.parameters);
    if (s.when) write_ << "\nwhen " << *s.when;
    if (!s.updates.empty()) write_ << "\ndo ";
    updates(s.updates);
    write_ << ";";
  }
  void operator()(const ast::PropertyDecl& s) {
    static constexpr std::string_view kWords[] = {"invariant ", "lemma ", "assume "};
    write_ << kWords[static_cast<std::size_t>(s.keyword)] << s.name << ": " << s.formula << ";";
  }
  void operator()(const ast::VariantDecl& s) { write_ << s; }
  void operator()(const ast::ViewDecl& s) { write_ << s; }

  void operator()(const ast::DropUpdate& e) { write_ << "drop update " << e.function << " in " << e.action << ";"; }
  void operator()(const ast::DropGuard& e) { write_ << "drop guard in " << e.action << ";"; }
  void operator()(const ast::DropAction& e) { write_ << "drop action " << e.action << ";"; }
  void operator()(const ast::DropInitially&) { write_ << "drop initially;"; }
  void operator()(const ast::DropAssumption& e) { write_ << "drop assume " << e.property << ";"; }
  void operator()(const ast::ReplaceUpdate& e) {
    write_ << "replace update " << e.function << " in " << e.action << " with ";
    updates(e.updates);
    write_ << ";";
  }
  void operator()(const ast::ReplaceGuard& e) {
    write_ << "replace guard in " << e.action << " with " << e.guard << ";";
  }
  void operator()(const ast::AddAction& e) {
    write_ << "add ";
    (*this)(e.action);
  }

 private:
  void type(const ast::TypeRef& t) { write_ << (t.set ? "set of " : "") << t.name; }
  void arguments(const ast::FunctionDecl& s) {
    write_ << "(";
    for (std::size_t i = 0; i < s.arguments.size(); ++i) {
      if (i > 0) write_ << ", ";
      if (s.arguments[i].name) write_ << *s.arguments[i].name << ": ";
      write_ << s.arguments[i].type;
    }
    write_ << (s.result ? ") -> " : ")");
  }
  void parameters(const ast::Bindings& all) {
    if (!all.empty()) write_ << "(" << all << ")";
  }
  void updates(const std::vector<ast::Update>& all) {
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (i > 0) write_ << ",\n";
      if (!all[i].each.empty()) write_ << "forall " << all[i].each << ". ";
      switch (all[i].form) {
        case ast::Update::Form::Assign:
          write_ << all[i].target << " := " << all[i].value;
          break;
        case ast::Update::Form::Insert:
          write_ << "insert " << all[i].value << " into " << all[i].target;
          break;
        case ast::Update::Form::Remove:
          write_ << "remove " << all[i].value << " from " << all[i].target;
          break;
      }
    }
  }

  Write& write_;
};

}  // namespace

Write& Write::operator<<(const ast::Bindings& bindings) {
  for (std::size_t i = 0; i < bindings.size(); ++i) {
    if (i > 0) *this << ", ";
    list(bindings[i].names, ", ");
    *this << ": " << bindings[i].type;
  }
  return *this;
}

Write& Write::operator<<(const ast::EnumDecl& decl) {
  *this << "enum " << decl.name << " { ";
  list(decl.members, ", ");
  return *this << " }";
}

namespace {

void parameters(Write& write, const ast::ModelDecl& model) {
  for (std::size_t i = 0; i < model.parameters; ++i) {
    write << (i == 0 ? "(" : ", ");
    const ast::ModelForm& form = model.sentences[i].form;
    if (const auto* sort = std::get_if<ast::SortDecl>(&form)) write << "sort " << sort->names[0];
    if (const auto* decl = std::get_if<ast::FunctionDecl>(&form)) ModelText(write).declaration(*decl);
  }
  if (model.parameters > 0) write << ")";
}

void composition(Write& write, const ast::Composition& made_of) {
  for (std::size_t i = 0; i < made_of.components.size(); ++i) {
    const ast::Component& one = made_of.components[i];
    write << (i == 0 ? " = " : " || ") << one.model;
    if (one.arguments) {
      write << "(";
      write.list(*one.arguments, ", ");
      write << ")";
    }
  }
  for (std::size_t i = 0; i < made_of.shared.size(); ++i) {
    const ast::SharedAction& action = made_of.shared[i];
    write << (i == 0 ? " sharing " : ", ");
    for (std::size_t k = 0; k < action.parts.size(); ++k) {
      const ast::SharedAction::Part& part = action.parts[k];
      write << (k == 0 ? "" : " with ") << part.action;
      if (!part.parameters) continue;
      write << "(";
      write.list(*part.parameters, ", ");
      write << ")";
    }
    if (action.name) write << " as " << *action.name;
  }
}

}  // namespace

Write& Write::operator<<(const ast::ModelDecl& model) {
  *this << "model " << model.name;
  parameters(*this, model);
  if (model.composition) composition(*this, *model.composition);
  if (model.composition && model.sentences.size() == model.parameters) return *this << ";";
  *this << " {\n";
  for (std::size_t i = model.parameters; i < model.sentences.size(); ++i) {
    doc(model.sentences[i].doc);
    std::visit(ModelText(*this), model.sentences[i].form);
    *this << "\n";
  }
  return *this << "}";
}

Write& Write::operator<<(const ast::VariantDecl& variant) {
  *this << "variant " << variant.name;
  if (variant.model) *this << " of " << *variant.model;
  *this << " {\n";
  for (const ast::Edit& edit : variant.edits) {
    std::visit(ModelText(*this), edit.form);
    *this << "\n";
  }
  return *this << "}";
}

Write& Write::operator<<(const ast::ViewDecl& view) {
  *this << "view of " << view.observer << ": " << view.type;
  if (view.model) *this << " in " << *view.model;
  *this << " sees ";
  for (std::size_t i = 0; i < view.items.size(); ++i) {
    const ast::ViewDecl::Item& item = view.items[i];
    *this << (i > 0 ? ", " : "") << item.value;
    if (!item.each.empty()) *this << " for " << item.each;
    if (item.with) *this << " with " << *item.with;
  }
  return *this << ";";
}

}  // namespace bulkhead::format

// The sentences of a composition: what components declare, what of theirs still holds, and its own.
#include <algorithm>

#include "lang/expand/composing.h"

namespace bulkhead::expand {
namespace {

bool same_names(const std::vector<ast::Name>& a, const std::vector<ast::Name>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const auto& x, const auto& y) { return x.text == y.text; });
}

}  // namespace

void Composing::declarations(Part& part) {
  Copy copy(modules_.at(part.module).tree, tree(), part.names, copied_);
  for (std::size_t i = 0; i < part.model.sentences.size(); ++i) {
    const ast::ModelSentence& sentence = part.model.sentences[i];
    if (const auto* decl = std::get_if<ast::SortDecl>(&sentence.form)) {
      ast::SortDecl kept;
      for (const ast::Name& name : decl->names) {
        if (part.names.types.count(name.text) != 0) continue;
        if (is_new(name, "sort", sentence.span)) kept.names.push_back(name);
      }
      if (!kept.names.empty()) result_.sentences.push_back({sentence.span, sentence.doc, std::move(kept)});
    } else if (const auto* type = std::get_if<ast::EnumDecl>(&sentence.form)) {
      const auto known = enums_.find(type->name.text);
      if (known != enums_.end() && !same_names(known->second.members, type->members)) {
        bad(part.component->span, "components have different enums `" + type->name.text + "`", "rename one of them");
      }
      enums_.emplace(type->name.text, *type);
      if (is_new(type->name, "enum", sentence.span)) result_.sentences.push_back(sentence);
    } else if (const auto* record = std::get_if<ast::RecordDecl>(&sentence.form)) {
      if (!is_new(record->name, "record", sentence.span)) {
        bad(part.component->span, "several components have a record `" + record->name.text + "`", "rename one of them");
      } else {
        result_.sentences.push_back({sentence.span, sentence.doc, copy(sentence.form)});
      }
    } else if (const auto* function = std::get_if<ast::FunctionDecl>(&sentence.form)) {
      if (is_bound(part, function->name)) continue;
      auto made = std::get<ast::FunctionDecl>(copy(sentence.form));
      if (function->from_policy && !first_of_policy(part, made)) continue;
      result_.sentences.push_back({sentence.span, sentence.doc, std::move(made)});
    } else if (std::holds_alternative<ast::DefineDecl>(sentence.form)) {
      result_.sentences.push_back({sentence.span, sentence.doc, copy(sentence.form)});
    }
  }
}

bool Composing::is_bound(const Part& part, const ast::Name& name) const {
  return bound_.count(name.text + " of " + part.component->model.text) != 0;
}

bool Composing::is_new(const ast::Name& name, const std::string& kind, const ast::Span& span) {
  const auto [found, fresh] = kinds_.emplace(name.text, kind);
  if (!fresh && found->second != kind) {
    bad(span, "`" + name.text + "` is a " + kind + " here and a " + found->second + " in another component");
  }
  return fresh;
}

bool Composing::first_of_policy(const Part& part, const ast::FunctionDecl& decl) {
  for (const ast::ModelSentence& sentence : result_.sentences) {
    const auto* known = std::get_if<ast::FunctionDecl>(&sentence.form);
    if (known == nullptr || known->name.text != decl.name.text) continue;
    Part same{part.component, {}, part.module, "", {}};
    if (!fits(same, decl, *known)) {
      bad(part.component->span, "components read different relations `" + decl.name.text + "` from the policy");
    }
    return false;
  }
  return true;
}

void Composing::sentences(Part& part) {
  const bool alone = parts_.size() == 1;
  Copy copy(modules_.at(part.module).tree, tree(), part.names, copied_);
  const std::size_t index = static_cast<std::size_t>(&part - parts_.data());
  for (const ast::ModelSentence& sentence : part.model.sentences) {
    const ast::ModelForm& form = sentence.form;
    bool kept = std::holds_alternative<ast::InitiallyDecl>(form) || std::holds_alternative<ast::PropertyDecl>(form);
    if (const auto* action = std::get_if<ast::ActionDecl>(&form)) kept = taken_.count({index, action->name.text}) == 0;
    if (const auto* variant = std::get_if<ast::VariantDecl>(&form)) kept = !touches_shared(index, *variant);
    if (const auto* property = std::get_if<ast::PropertyDecl>(&form))
      kept = !speaks_of_joined_guards(part, index, *property);
    if (std::holds_alternative<ast::ViewDecl>(form)) kept = alone;  // what is seen of all of it, its own block says
    if (std::holds_alternative<ast::VariantDecl>(form) || std::holds_alternative<ast::ViewDecl>(form))
      kept = kept && !decl_.composition->of_policy;
    if (kept) result_.sentences.push_back({sentence.span, sentence.doc, copy(form)});
  }
}

bool Composing::speaks_of_joined_guards(const Part& part, std::size_t component, const ast::PropertyDecl& property) {
  const auto& names = part.model.of_guards;
  if (std::find(names.begin(), names.end(), property.name.text) == names.end()) return false;
  const bool joined =
      std::any_of(taken_.begin(), taken_.end(), [&](const auto& one) { return one.first == component; });
  if (!joined) result_.of_guards.push_back(part.names.properties.at(property.name.text));
  return joined;
}

void Composing::own_sentences() {
  std::set<std::string> theirs;
  for (const Part& part : parts_) {
    for (const ast::ModelSentence& sentence : part.model.sentences) {
      const auto* decl = std::get_if<ast::FunctionDecl>(&sentence.form);
      if (decl != nullptr) theirs.insert(part.names.values.at(decl->name.text));
    }
  }
  for (std::size_t i = decl_.parameters; i < decl_.sentences.size(); ++i) {
    const ast::ModelSentence& sentence = decl_.sentences[i];
    if (const auto* sort = std::get_if<ast::SortDecl>(&sentence.form)) {
      ast::SortDecl kept;
      for (const ast::Name& name : sort->names) {
        if (is_new(name, "sort", sentence.span)) kept.names.push_back(name);
      }
      if (!kept.names.empty()) result_.sentences.push_back({sentence.span, sentence.doc, std::move(kept)});
      continue;
    }
    if (const auto* action = std::get_if<ast::ActionDecl>(&sentence.form)) {
      for (const ast::Update& update : action->updates) {
        const std::string target = std::get<ast::Path>(tree().at(update.target).value).text();
        const bool foreign = std::any_of(theirs.begin(), theirs.end(), [&](const std::string& name) {
          return target == name || target.rfind(name + ".", 0) == 0;
        });
        if (foreign) {
          error(Code::BadUpdate, update.span, "`" + target + "` is assigned by its own model alone",
                "share an action of that model");
        }
      }
    }
    result_.sentences.push_back(sentence);
  }
}

void Composing::declare_missing_sorts() {
  static const std::set<std::string> builtin = {"bool", "int", "u8", "u16", "u32", "u64"};
  for (const auto& [text, name] : named_types_) {
    bool known = builtin.count(text) != 0 || kinds_.count(text) != 0;
    for (const resolve::Module& module : modules_.modules) {
      for (const ast::Sentence& sentence : module.tree.sentences) {
        const auto* type = std::get_if<ast::EnumDecl>(&sentence.form);
        known = known || (type != nullptr && type->name.text == text);
      }
    }
    for (const ast::ModelSentence& sentence : decl_.sentences) {
      if (const auto* type = std::get_if<ast::EnumDecl>(&sentence.form)) known = known || type->name.text == text;
      if (const auto* sort = std::get_if<ast::SortDecl>(&sentence.form)) {
        for (const ast::Name& one : sort->names) known = known || one.text == text;
      }
    }
    if (!known) result_.sentences.push_back({name.span, "", ast::SortDecl{{name}}});
  }
}

}  // namespace bulkhead::expand

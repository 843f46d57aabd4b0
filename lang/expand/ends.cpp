#include "lang/expand/ends.h"

#include <algorithm>

namespace bulkhead::expand {

Ends::Ends(const resolve::Modules& modules) {
  for (const resolve::Module& module : modules.modules) {
    for (const ast::Sentence& sentence : module.tree.sentences) {
      if (const auto* d = std::get_if<ast::ContainerDecl>(&sentence.form)) containers_.insert(d->name.text);
      if (const auto* d = std::get_if<ast::OpenContainerDecl>(&sentence.form)) containers_.insert(d->name.text);
      if (const auto* d = std::get_if<ast::HostDecl>(&sentence.form)) names_.insert(d->name.text);
      if (const auto* d = std::get_if<ast::NetDecl>(&sentence.form)) nets_.insert(d->name.text);
      if (const auto* d = std::get_if<ast::SubjectDecl>(&sentence.form)) {
        for (const ast::Name& name : d->names) names_.insert(name.text);
      }
      if (const auto* d = std::get_if<ast::PodDecl>(&sentence.form)) {
        names_.insert(d->name.text);
        for (const ast::Name& member : d->members) pods_[d->name.text].insert(member.text);
      }
    }
  }
  names_.insert(nets_.begin(), nets_.end());
  names_.insert(containers_.begin(), containers_.end());
}

std::set<std::string> Ends::members(const std::string& name) const {
  const auto pod = pods_.find(name);
  std::set<std::string> all = pod == pods_.end() ? std::set<std::string>{} : pod->second;
  all.insert(name);
  return all;
}

bool Ends::has_container(const std::string& name) const {
  const auto all = members(name);
  return std::any_of(all.begin(), all.end(), [&](const std::string& one) { return containers_.count(one) != 0; });
}

bool Ends::meet(const std::string& one, const std::string& other) const {
  const auto all = members(one);
  const auto others = members(other);
  return std::any_of(all.begin(), all.end(), [&](const std::string& name) { return others.count(name) != 0; });
}

}  // namespace bulkhead::expand

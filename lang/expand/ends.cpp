#include "lang/expand/ends.h"

#include <algorithm>

#include "lang/ir/net_range.h"
#include "lang/ir/overlap.h"

namespace bulkhead::expand {
namespace {

using Nets = std::map<std::string, std::vector<const ast::NetDecl*>>;

constexpr const char* kEveryAddress[] = {"0.0.0.0/0", "::/0"};

/// What is badly written is left out, and reported where nets are lowered.
void add(const ast::NetPattern& written, ir::ObjectPatterns& to) {
  std::vector<ir::NetPattern> ranges;
  const auto read = [&](std::string_view text) {
    if (const auto range = ir::parse_net_range(text)) ranges.push_back(*range);
  };
  for (const char* all : kEveryAddress) {
    if (written.any) read(all);
  }
  for (const ast::Address& address : written.addresses) read(address.text);
  for (ir::NetPattern range : ranges) {
    if (written.proto) {
      const ir::Proto proto = written.proto->text == "tcp" ? ir::Proto::Tcp : ir::Proto::Udp;
      range.protos = static_cast<std::uint8_t>(1u << static_cast<unsigned>(proto));
    }
    if (written.ports.empty()) to.nets.push_back(range);
    for (const ast::PortRange& ports : written.ports) {
      range.first_port = static_cast<std::uint16_t>(ports.first.whole);
      range.last_port = static_cast<std::uint16_t>(ports.last.whole);
      to.nets.push_back(range);
    }
  }
}

/// The addresses of a net, and of the nets that it is made of.
ir::ObjectPatterns addresses_of(const Nets& nets, const std::string& name) {
  ir::ObjectPatterns all;
  std::set<std::string> seen{name};
  for (std::vector<std::string> open{name}; !open.empty();) {
    const auto found = nets.find(open.back());
    open.pop_back();
    if (found == nets.end()) continue;
    for (const ast::NetDecl* decl : found->second) {
      for (const ast::ObjectItem& item : decl->objects.items) {
        if (const auto* written = std::get_if<ast::NetPattern>(&item)) add(*written, all);
        const auto* path = std::get_if<ast::Path>(&item);
        if (path != nullptr && seen.insert(path->text()).second) open.push_back(path->text());
      }
    }
  }
  return all;
}

}  // namespace

Ends::Ends(const resolve::Modules& modules) {
  Nets nets;
  for (const resolve::Module& module : modules.modules) {
    for (const ast::Sentence& sentence : module.tree.sentences) {
      if (const auto* d = std::get_if<ast::ContainerDecl>(&sentence.form)) containers_.insert(d->name.text);
      if (const auto* d = std::get_if<ast::OpenContainerDecl>(&sentence.form)) containers_.insert(d->name.text);
      if (const auto* d = std::get_if<ast::HostDecl>(&sentence.form)) names_.insert(d->name.text);
      if (const auto* d = std::get_if<ast::NetDecl>(&sentence.form)) nets[d->name.text].push_back(d);
      if (const auto* d = std::get_if<ast::SubjectDecl>(&sentence.form)) {
        for (const ast::Name& name : d->names) names_.insert(name.text);
      }
      if (const auto* d = std::get_if<ast::PodDecl>(&sentence.form)) {
        names_.insert(d->name.text);
        for (const ast::Name& member : d->members) pods_[d->name.text].insert(member.text);
      }
    }
  }
  for (const auto& net : nets) {
    names_.insert(net.first);
    nets_.emplace(net.first, addresses_of(nets, net.first));
  }
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
  const bool same =
      std::any_of(all.begin(), all.end(), [&](const std::string& name) { return others.count(name) != 0; });
  const auto net = nets_.find(one);
  const auto other_net = nets_.find(other);
  return same || (net != nets_.end() && other_net != nets_.end() &&
                  ir::may_overlap(ir::Plane::Net, net->second, other_net->second));
}

}  // namespace bulkhead::expand

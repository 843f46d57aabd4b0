// What can stand at the end of a channel, by name, whichever module declares it.
#pragma once

#include <map>
#include <set>
#include <string>

#include "lang/ir/object.h"
#include "lang/resolve/modules.h"

namespace bulkhead::expand {

class Ends {
 public:
  explicit Ends(const resolve::Modules& modules);

  /// Containers, pods, hosts, nets, and what `subject` and `device` name.
  const std::set<std::string>& names() const { return names_; }
  bool known(const std::string& name) const { return names_.count(name) != 0; }
  /// Also where a subject has the same name: nobody is taken for a neighbour who may be far away.
  bool is_net(const std::string& name) const { return nets_.count(name) != 0; }
  /// A container, or a pod that has one.
  bool has_container(const std::string& name) const;
  /// Whether somebody stands at both: one is the other, or a pod has it, or two pods have the same member, or two nets
  /// have an address with a port and a protocol in common.
  bool meet(const std::string& one, const std::string& other) const;

 private:
  /// The name, and of a pod its members.
  std::set<std::string> members(const std::string& name) const;

  std::set<std::string> names_;
  std::map<std::string, ir::ObjectPatterns> nets_;  // of all modules that declare the name
  std::set<std::string> containers_;
  std::map<std::string, std::set<std::string>> pods_;
};

}  // namespace bulkhead::expand

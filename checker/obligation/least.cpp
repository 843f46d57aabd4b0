#include "checker/obligation/least.h"

#include <set>

namespace bulkhead::obligation {
namespace {

/// Who depends on whom, and in which order to eliminate: next the one that makes the fewest new dependencies.
class Order {
 public:
  Order(const std::vector<LinearEquation>& equations, std::size_t target)
      : depends_(equations.size()), users_(equations.size()) {
    for (std::size_t i = 0; i < equations.size(); ++i) {
      for (const auto& [j, coefficient] : equations[i].depends) {
        if (i != j && coefficient != Builder::constant(false)) add(i, j);
      }
    }
    for (std::size_t i = 0; i < equations.size(); ++i) {
      if (i != target) waiting_.emplace(fill(i), i);
    }
    while (!waiting_.empty()) {
      const std::size_t next = waiting_.begin()->second;
      waiting_.erase(waiting_.begin());
      cost += fill(next);
      order.push_back(next);
      eliminate(next);
    }
  }

  std::vector<std::size_t> order;
  std::size_t cost = 0;  // new dependencies, each of which is a node or two

 private:
  std::size_t fill(std::size_t i) const { return users_[i].size() * (depends_[i].size() + 1); }

  void add(std::size_t user, std::size_t on) {
    depends_[user].insert(on);
    users_[on].insert(user);
  }

  void eliminate(std::size_t gone) {
    std::set<std::size_t> touched = users_[gone];
    touched.insert(depends_[gone].begin(), depends_[gone].end());
    std::vector<std::size_t> again;
    for (const std::size_t one : touched) {
      if (waiting_.erase({fill(one), one}) != 0) again.push_back(one);
    }
    for (const std::size_t on : depends_[gone]) users_[on].erase(gone);
    for (const std::size_t user : users_[gone]) {
      depends_[user].erase(gone);
      for (const std::size_t on : depends_[gone]) {
        if (on != user) add(user, on);
      }
    }
    for (const std::size_t one : again) waiting_.emplace(fill(one), one);
  }

  std::vector<std::set<std::size_t>> depends_;
  std::vector<std::set<std::size_t>> users_;
  std::set<std::pair<std::size_t, std::size_t>> waiting_;  // by what it would cost
};

NodeId eliminated(Builder& build, std::vector<LinearEquation> equations, const std::vector<std::size_t>& order,
                  std::size_t target) {
  std::vector<std::set<std::size_t>> users(equations.size());
  for (std::size_t i = 0; i < equations.size(); ++i) {
    equations[i].depends.erase(i);  // x = b or (a and x): the least is b
    for (const auto& [on, coefficient] : equations[i].depends) users[on].insert(i);
  }
  for (const std::size_t gone : order) {
    const LinearEquation value = std::move(equations[gone]);
    for (const auto& [on, coefficient] : value.depends) users[on].erase(gone);
    for (const std::size_t user : users[gone]) {
      LinearEquation& equation = equations[user];
      const NodeId weight = equation.depends.extract(gone).mapped();
      equation.constant = build.either(equation.constant, build.both(weight, value.constant));
      for (const auto& [on, coefficient] : value.depends) {
        const NodeId way = build.both(weight, coefficient);
        if (on == user || way == Builder::constant(false)) continue;
        const auto [found, fresh] = equation.depends.try_emplace(on, way);
        if (!fresh) found->second = build.either(found->second, way);
        users[on].insert(user);
      }
    }
  }
  return equations[target].constant;
}

std::size_t size_of_rounds(const std::vector<LinearEquation>& equations) {
  std::size_t dependencies = 0;
  for (const LinearEquation& one : equations) dependencies += one.depends.size();
  return equations.size() * dependencies;
}

}  // namespace

NodeId by_elimination(Builder& build, std::vector<LinearEquation> equations, std::size_t target) {
  const Order order(equations, target);
  return eliminated(build, std::move(equations), order.order, target);
}

NodeId by_rounds(Builder& build, const std::vector<LinearEquation>& equations, std::size_t target) {
  std::vector<NodeId> values(equations.size(), Builder::constant(false));
  for (std::size_t round = 0; round < equations.size(); ++round) {
    std::vector<NodeId> next;
    for (const LinearEquation& equation : equations) {
      std::vector<NodeId> ways{equation.constant};
      for (const auto& [on, coefficient] : equation.depends) ways.push_back(build.both(coefficient, values[on]));
      next.push_back(build.any(ways));
    }
    if (next == values) break;
    values = std::move(next);
  }
  return values[target];
}

NodeId least_solution(Builder& build, const std::vector<LinearEquation>& equations, std::size_t target) {
  const Order order(equations, target);
  // A new dependency is up to three nodes, one in a round is one.
  if (3 * order.cost > size_of_rounds(equations)) return by_rounds(build, equations, target);
  return eliminated(build, equations, order.order, target);
}

}  // namespace bulkhead::obligation

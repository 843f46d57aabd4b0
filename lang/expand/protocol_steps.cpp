// The steps of the roles: an action for each alternative, with what it asks for, remembers and sends.
#include <algorithm>

#include "lang/expand/model_writer.h"

namespace bulkhead::expand {

std::string ModelWriter::unique(std::string name) {
  for (std::size_t n = 2; made_.actions.count(name) != 0; ++n) {
    name = name.substr(0, name.find("__")) + "__" + std::to_string(n);
  }
  return name;
}

void ModelWriter::emit(const std::string& name, const Step& step) {
  line("action " + name + "(" + joined(step.parameters, ", ") + ")");
  line("    when " + joined(step.guard, " && "));
  line("    do " + joined(step.updates, ", ") + ";");
}

void ModelWriter::alternative(std::size_t r, const std::string& state, const ast::Alternative& one) {
  static constexpr std::string_view kWords[] = {"send_", "accept_", "refuse_", "timeout"};
  const std::string base = role(r).name + "_" + state + "_" + std::string(kWords[static_cast<std::size_t>(one.act)]) +
                           (one.message ? one.message->text : "");
  emit_as(unique(base), r, state, one, "transit");
  const bool receives = one.act == Act::Accept || one.act == Act::Refuse;
  if (receives && facts_.wire.replay) emit_as(unique(base + "_from_attacker"), r, state, one, "wire");
}

void ModelWriter::emit_as(const std::string& name, std::size_t r, const std::string& state, const ast::Alternative& one,
                          const std::string& from) {
  Step step;
  step.guard.push_back(at(r, state));
  step.updates.push_back(role(r).name + "(" + run_name() + ") := " + state_type(r) + "." + one.next.text);
  const bool carried = one.message && is_carried(*one.message);
  if (!carried) step.parameters.push_back(run_name() + ": " + run_type(r));
  if (one.message) with_message(step, r, one, from);
  if (one.when) step.guard.push_back(requirement(r, one, *one.when));
  count_open(step, r, state, one.next.text);
  emit(name, step);
  made_.actions.emplace(name, one.span);
}

bool ModelWriter::is_carried(const ast::Name& message) const {
  const auto& fields = facts_.messages.at(message.text).fields;
  return std::find(fields.begin(), fields.end(), run_name()) != fields.end();
}

void ModelWriter::with_message(Step& step, std::size_t r, const ast::Alternative& one, const std::string& from) {
  const std::string& name = one.message->text;
  const Message& message = facts_.messages.at(name);
  for (const std::string& binding : bindings_of(message)) step.parameters.push_back(binding);
  for (const ast::Name& field : one.same) {
    if (!is_session(field.text)) step.guard.push_back(memory(r, field.text) + " == " + field.text);
  }
  if (one.act == Act::Send) return with_send(step, r, name, message);
  step.guard.push_back(from == "transit" ? of("transit", name, message.fields) + " > 0"
                                         : of("wire", name, message.fields));
  if (from == "transit") step.updates.push_back(plus("transit", name, message, " - 1"));
  if (one.act == Act::Refuse) return;
  step.updates.push_back(plus("balance", name, message, " - 1"));
  step.updates.push_back(of("accepted", name, message.fields) + " := true");
  remember(step, r, message);
}

void ModelWriter::with_send(Step& step, std::size_t r, const std::string& name, const Message& message) {
  for (const std::string& field : message.fields) {
    if (message.makes.count(field) != 0 && has_used(field)) {
      step.guard.push_back("!used_" + field + "(" + field + ")");
      step.updates.push_back("used_" + field + "(" + field + ") := true");
    }
    if (fresh(field) && facts_.wire.inject && facts_.wire.read) {
      step.updates.push_back("seen_" + field + "(" + field + ") := true");
    }
  }
  step.updates.push_back(of("sent", name, message.fields) + " := true");
  step.updates.push_back(plus("transit", name, message, " + 1"));
  step.updates.push_back(plus("balance", name, message, " + 1"));
  if (facts_.wire.replay) step.updates.push_back(of("wire", name, message.fields) + " := true");
  remember(step, r, message);
}

std::string ModelWriter::plus(const std::string& what, const std::string& name, const Message& message,
                              const std::string& change) {
  const std::string place = of(what, name, message.fields);
  return place + " := " + place + change;
}

std::string ModelWriter::memory(std::size_t r, const std::string& field) const {
  return role(r).name + "_" + field + "(" + run_name() + ")";
}

void ModelWriter::remember(Step& step, std::size_t r, const Message& message) {
  for (const std::string& field : message.fields) {
    if (role(r).remembered.count(field) != 0) step.updates.push_back(memory(r, field) + " := " + field);
  }
}

void ModelWriter::count_open(Step& step, std::size_t r, const std::string& state, const std::string& next) {
  if (!facts_.bound || r != facts_.opener) return;
  const bool was = facts_.middle(r, state);
  const bool will = facts_.middle(r, next);
  if (!was && will && facts_.limit) step.guard.push_back("in_flight < " + std::to_string(*facts_.limit));
  if (!was && will) step.updates.push_back("in_flight := in_flight + 1");
  if (was && !will) step.updates.push_back("in_flight := in_flight - 1");
}

std::string ModelWriter::relation(std::size_t r, const ast::Expr& holds) const {
  return role(r).name + "_holds_" + name_of(holds.args[1]) + "_on_" + type(name_of(holds.args[2]));
}

std::set<std::pair<std::string, std::string>> ModelWriter::relations_in(std::size_t r, ast::ExprId root) const {
  std::set<std::pair<std::string, std::string>> found;
  for (std::vector<ast::ExprId> open{root}; !open.empty();) {
    const ast::Expr& expr = facts_.tree->at(open.back());
    open.pop_back();
    if (expr.kind == ast::ExprKind::Holds) {
      found.emplace(relation(r, expr), type(name_of(expr.args[2])));
    } else if (expr.kind == ast::ExprKind::And || expr.kind == ast::ExprKind::Not) {
      open.insert(open.end(), expr.args.begin(), expr.args.end());
    }
  }
  return found;
}

std::string ModelWriter::value(std::size_t r, const ast::Alternative& one, ast::ExprId id) const {
  std::string name = name_of(id);
  if (is_session(name)) return name;
  if (one.message) {
    const auto& fields = facts_.messages.at(one.message->text).fields;
    if (std::find(fields.begin(), fields.end(), name) != fields.end()) return name;
  }
  return memory(r, name);
}

std::string ModelWriter::requirement(std::size_t r, const ast::Alternative& one, ast::ExprId root) const {
  const ast::Expr& expr = facts_.tree->at(root);
  Strings all;
  for (const ast::ExprId id : expr.kind == ast::ExprKind::And ? expr.args : std::vector<ast::ExprId>{root}) {
    const ast::Expr* part = &facts_.tree->at(id);
    const bool negated = part->kind == ast::ExprKind::Not;
    if (negated) part = &facts_.tree->at(part->args[0]);
    std::string text;
    if (part->kind == ast::ExprKind::Holds) {
      text = relation(r, *part) + "(" + value(r, one, part->args[2]) + ")";
    } else {
      const std::string sign = part->kind == ast::ExprKind::Equal ? " == " : " != ";
      text = value(r, one, part->args[0]) + sign + value(r, one, part->args[1]);
    }
    all.push_back(negated ? "!(" + text + ")" : text);
  }
  return joined(all, " && ");
}

}  // namespace bulkhead::expand

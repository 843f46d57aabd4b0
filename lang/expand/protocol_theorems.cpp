// What is proved of the model, and the lemmas that help.
#include <algorithm>

#include "lang/expand/model_writer.h"

namespace bulkhead::expand {

void ModelWriter::lemmas() {
  for (const auto& [name, message] : facts_.messages) {
    const auto& f = message.fields;
    const std::string sent = of("sent", name, f);
    line("lemma transit_" + name + "_was_sent: " + for_all(message) + of("transit", name, f) + " > 0 -> " + sent + ";");
    if (facts_.wire.replay && !facts_.wire.inject) {
      line("lemma wire_" + name + "_was_sent: " + for_all(message) + of("wire", name, f) + " -> " + sent + ";");
    }
    if (!facts_.wire.replay) {
      line("lemma balance_" + name + "_covers_transit: " + for_all(message) + of("transit", name, f) + " >= 0 && " +
           of("transit", name, f) + " <= " + of("balance", name, f) + ";");
    }
    first_accept(name, message);
    authorised(name, message, "lemma sent_" + name + "_is_authorised: ", "sent");
  }
}

void ModelWriter::first_accept(const std::string& name, const Message& message) {
  if (!session() || message.sender == 2) return;
  const std::size_t receiver = 1 - message.sender;
  std::set<std::string> after;
  for (bool more = true; more;) {
    more = false;
    for (const auto& [state, step] : role(receiver).steps) {
      for (const ast::Alternative& one : step->alternatives) {
        const bool accepts = one.act == Act::Accept && one.message->text == name;
        if (accepts || after.count(state) != 0) more = after.insert(one.next.text).second || more;
      }
    }
  }
  Strings before;
  for (const std::string& state : role(receiver).states) {
    if (after.count(state) == 0) before.push_back(at(receiver, state));
  }
  if (before.empty()) return;
  line("lemma " + name + "_is_accepted_later: " + for_all(message) + "(" + joined(before, " || ") + ") && " +
       of("sent", name, message.fields) + " -> " + of("balance", name, message.fields) + " >= 1;");
}

Strings ModelWriter::demands(const std::string& name, const Message& message, Ask which) const {
  std::vector<Strings> steps;
  for (const auto& [state, step] : role(message.sender).steps) {
    for (const ast::Alternative& one : step->alternatives) {
      if (one.act == Act::Send && one.message->text == name) steps.push_back(asked_of(message, one));
    }
  }
  Strings found;
  for (const Strings& step : steps) {
    for (const std::string& right : step) {
      const bool all = std::all_of(steps.begin(), steps.end(), [&](const Strings& other) {
        return std::find(other.begin(), other.end(), right) != other.end();
      });
      const bool known = std::find(found.begin(), found.end(), right) != found.end();
      if (!known && (all || which == Ask::Some)) found.push_back(right);
    }
  }
  return found;
}

Strings ModelWriter::asked_of(const Message& message, const ast::Alternative& one) const {
  Strings asked;
  if (!one.when) return asked;
  const ast::Expr& root = facts_.tree->at(*one.when);
  const auto parts = root.kind == ast::ExprKind::And ? root.args : std::vector<ast::ExprId>{*one.when};
  for (const ast::ExprId id : parts) {
    const ast::Expr& part = facts_.tree->at(id);
    if (part.kind != ast::ExprKind::Holds) continue;
    const std::string field = name_of(part.args[2]);
    if (std::find(message.fields.begin(), message.fields.end(), field) == message.fields.end()) continue;
    asked.push_back(relation(message.sender, part) + "(" + field + ")");
  }
  return asked;
}

bool ModelWriter::authorised(const std::string& name, const Message& message, const std::string& head,
                             const std::string& what) {
  if (message.sender == 2) return false;
  const Strings asked = demands(name, message, Ask::All);
  if (asked.empty()) return false;
  line(head + for_all(message) + of(what, name, message.fields) + " -> " + joined(asked, " && ") + ";");
  return true;
}

void ModelWriter::invariants() {
  Strings integrity;
  Strings injective;
  for (const auto& [name, message] : facts_.messages) {
    const auto& f = message.fields;
    integrity.push_back("(" + for_all(message) + of("accepted", name, f) + " -> " + of("sent", name, f) + ")");
    injective.push_back("(" + for_all(message) + of("balance", name, f) + " >= 0)");
  }
  line("/// Whatever is accepted was sent so before, by the other role.");
  line("invariant integrity: " + joined(integrity, " && ") + ";");
  line("/// Nothing is accepted more often than it was sent: each accept has a send of its own.");
  line("invariant no_forging: " + joined(injective, " && ") + ";");
  authorised_invariant();
  if (facts_.bound) {
    line("/// So many exchanges are open at once, and no more.");
    line("invariant bounded: in_flight <= " + std::to_string(*facts_.bound) + ";");
  }
  line("/// While some run is under way, some role can act.");
  line("invariant no_deadlock: " + no_deadlock() + ";");
}

void ModelWriter::authorised_invariant() {
  Strings all;
  for (const auto& [name, message] : facts_.messages) {
    if (message.sender == 2) continue;
    const Strings asked = demands(name, message, Ask::Some);  // a step that forgets to ask is a mistake to be found
    if (asked.empty()) continue;
    all.push_back("(" + for_all(message) + of("accepted", name, message.fields) + " -> " + joined(asked, " && ") + ")");
  }
  if (all.empty()) return;
  line("/// Whatever is accepted was asked for by a role that held the right to it.");
  line("invariant authorised: " + joined(all, " && ") + ";");
}

std::string ModelWriter::no_deadlock() const {
  Strings under_way;
  Strings can_act;
  for (std::size_t r = 0; r < 2; ++r) {
    const std::string some = "exists " + run_name() + ": " + run_type(r);
    for (const std::string& state : role(r).states) {
      const bool middle = facts_.middle(r, state);
      if (middle) under_way.push_back("(" + some + ". " + at(r, state) + ")");
      const auto step = role(r).steps.find(state);
      if (step == role(r).steps.end()) continue;
      for (const ast::Alternative& one : step->second->alternatives) {
        const bool receives = one.act == Act::Accept || one.act == Act::Refuse;
        if (middle || receives) can_act.push_back(enabled(r, state, one));
      }
    }
  }
  if (under_way.empty()) return "true";
  return joined(under_way, " || ") + " -> " + (can_act.empty() ? "false" : joined(can_act, " || "));
}

std::string ModelWriter::enabled(std::size_t r, const std::string& state, const ast::Alternative& one) const {
  Strings bound;
  Strings guard = {at(r, state)};
  if (!one.message || !is_carried(*one.message)) bound.push_back(run_name() + ": " + run_type(r));
  if (one.message) {
    const Message& message = facts_.messages.at(one.message->text);
    for (const std::string& binding : bindings_of(message)) bound.push_back(binding);
    for (const ast::Name& field : one.same) {
      if (!is_session(field.text)) guard.push_back(memory(r, field.text) + " == " + field.text);
    }
    if (one.act != Act::Send) guard.push_back(of("transit", one.message->text, message.fields) + " > 0");
  }
  if (one.when) guard.push_back(requirement(r, one, *one.when));
  return "(exists " + joined(bound, ", ") + ". " + joined(guard, " && ") + ")";
}

}  // namespace bulkhead::expand

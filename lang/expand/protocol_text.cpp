#include <algorithm>
#include <cctype>

#include "lang/expand/protocol.h"

namespace bulkhead::expand {
namespace {

using Act = ast::Alternative::Act;
using Strings = std::vector<std::string>;

std::string joined(const Strings& parts, const std::string& between) {
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i) text += (i == 0 ? "" : between) + parts[i];
  return text;
}

std::string capitalised(std::string word) {
  word[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(word[0])));
  return word;
}

class Text {
 public:
  explicit Text(const Facts& facts) : facts_(facts) {}

  ModelText run() {
    line("model " + facts_.decl->name.text + " {");
    types();
    for (std::size_t r = 0; r < 2; ++r) role_state(r);
    for (const auto& [name, message] : facts_.messages) message_state(name, message);
    fresh_state();
    if (facts_.bound) line("var in_flight: int = 0;  // exchanges that are open");
    for (std::size_t r = 0; r < 2; ++r) {
      for (const auto& [state, step] : facts_.roles[r].steps) {
        for (const ast::Alternative& one : step->alternatives) alternative(r, state, one);
      }
    }
    for (const auto& [name, message] : facts_.messages) wire(name, message);
    attacker_makes();
    lemmas();
    invariants();
    nonce_reuse();
    line("}");
    return std::move(made_);
  }

 private:
  void line(const std::string& text) {
    made_.text += (text == "}" || text.rfind("model ", 0) == 0 ? "" : "    ") + text + "\n";
  }
  const Role& role(std::size_t r) const { return facts_.roles[r]; }
  bool session() const { return facts_.decl->session.has_value(); }
  bool is_session(const std::string& field) const { return session() && facts_.decl->session->text == field; }
  const std::string& type(const std::string& field) const { return facts_.fields.at(field).type; }
  bool fresh(const std::string& field) const { return facts_.fields.at(field).fresh; }

  /// A run of a role: with sessions the value that all its messages carry.
  std::string run_name() const {
    if (session()) return facts_.decl->session->text;
    std::string name = "run";
    while (facts_.fields.count(name) != 0) name += "_";
    return name;
  }
  std::string run_type(std::size_t r) const {
    return session() ? type(facts_.decl->session->text) : capitalised(role(r).name) + "Run";
  }
  std::string state_type(std::size_t r) const { return capitalised(role(r).name) + "State"; }
  std::string at(std::size_t r, const std::string& state) const {
    return role(r).name + "(" + run_name() + ") == " + state_type(r) + "." + state;
  }
  /// "sent_Read(block, nonce)".
  static std::string of(const std::string& what, const std::string& message, const Strings& fields) {
    return what + "_" + message + "(" + joined(fields, ", ") + ")";
  }
  std::string types_of(const Message& message) const {
    Strings all;
    for (const std::string& field : message.fields) all.push_back(type(field));
    return "(" + joined(all, ", ") + ")";
  }
  Strings bindings_of(const Message& message) const {
    Strings all;
    for (const std::string& field : message.fields) all.push_back(field + ": " + type(field));
    return all;
  }
  std::string for_all(const Message& message) const { return "forall " + joined(bindings_of(message), ", ") + ". "; }

  void types() {
    for (const std::string& sort : facts_.sorts) line("sort " + sort + ";");
    for (std::size_t r = 0; r < 2; ++r) {
      if (!session()) line("sort " + run_type(r) + ";");
      line("enum " + state_type(r) + " { " + joined(role(r).states, ", ") + " }");
    }
  }

  void role_state(std::size_t r) {
    const Role& one = role(r);
    line("var " + one.name + ": " + run_type(r) + " -> " + state_type(r) + " = " + state_type(r) + "." +
         one.states.front() + ";");
    for (const std::string& field : one.remembered) {
      line("var " + one.name + "_" + field + ": " + run_type(r) + " -> " + type(field) + ";");
    }
    for (const auto& [state, step] : one.steps) {
      for (const ast::Alternative& alternative : step->alternatives) {
        if (!alternative.when) continue;
        for (const std::string& relation : relations_in(r, *alternative.when)) relations_.insert(relation);
      }
    }
    for (const std::string& relation : relations_) {
      if (relation.rfind(one.name + "_holds_", 0) == 0) {
        line("relation " + relation + ": (" + relation.substr(relation.rfind("_on_") + 4) + ") -> bool;");
      }
    }
  }

  void message_state(const std::string& name, const Message& message) {
    const std::string types = types_of(message);
    line("var sent_" + name + ": " + types + " -> bool = false;");
    line("var accepted_" + name + ": " + types + " -> bool = false;");
    line("var transit_" + name + ": " + types + " -> int = 0;  // copies on the wire");
    line("var balance_" + name + ": " + types + " -> int = 0;  // times sent less times accepted");
    if (facts_.wire.replay)
      line("var wire_" + name + ": " + types + " -> bool = false;  // what the attacker can deliver");
  }

  bool has_used(const std::string& field) const { return fresh(field) && (facts_.wire.inject || !is_session(field)); }
  void fresh_state() {
    for (const auto& [name, field] : facts_.fields) {
      if (has_used(name)) line("var used_" + name + ": " + field.type + " -> bool = false;");
      if (field.fresh && facts_.wire.inject) {
        line("var seen_" + name + ": " + field.type + " -> bool = false;  // the attacker knows it");
      }
    }
  }

  // -- steps ----------------------------------------------------------------------------------------------------------

  struct Step {
    Strings parameters;
    Strings guard;
    Strings updates;
  };

  std::string unique(std::string name) {
    for (std::size_t n = 2; made_.actions.count(name) != 0; ++n) {
      name = name.substr(0, name.find("__")) + "__" + std::to_string(n);
    }
    return name;
  }

  void emit(const std::string& name, const Step& step) {
    line("action " + name + "(" + joined(step.parameters, ", ") + ")");
    line("    when " + joined(step.guard, " && "));
    line("    do " + joined(step.updates, ", ") + ";");
  }

  void alternative(std::size_t r, const std::string& state, const ast::Alternative& one) {
    static constexpr std::string_view kWords[] = {"send_", "accept_", "refuse_", "timeout"};
    const std::string base = role(r).name + "_" + state + "_" + std::string(kWords[static_cast<std::size_t>(one.act)]) +
                             (one.message ? one.message->text : "");
    emit_as(unique(base), r, state, one, "transit");
    const bool receives = one.act == Act::Accept || one.act == Act::Refuse;
    if (receives && facts_.wire.replay) emit_as(unique(base + "_from_attacker"), r, state, one, "wire");
  }

  void emit_as(const std::string& name, std::size_t r, const std::string& state, const ast::Alternative& one,
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

  bool is_carried(const ast::Name& message) const {
    const auto& fields = facts_.messages.at(message.text).fields;
    return std::find(fields.begin(), fields.end(), run_name()) != fields.end();
  }

  void with_message(Step& step, std::size_t r, const ast::Alternative& one, const std::string& from) {
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

  void with_send(Step& step, std::size_t r, const std::string& name, const Message& message) {
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

  static std::string plus(const std::string& what, const std::string& name, const Message& message,
                          const std::string& change) {
    const std::string place = of(what, name, message.fields);
    return place + " := " + place + change;
  }

  std::string memory(std::size_t r, const std::string& field) const {
    return role(r).name + "_" + field + "(" + run_name() + ")";
  }
  void remember(Step& step, std::size_t r, const Message& message) {
    for (const std::string& field : message.fields) {
      if (role(r).remembered.count(field) != 0) step.updates.push_back(memory(r, field) + " := " + field);
    }
  }

  void count_open(Step& step, std::size_t r, const std::string& state, const std::string& next) {
    if (!facts_.bound || r != facts_.opener) return;
    const bool was = facts_.middle(r, state);
    const bool will = facts_.middle(r, next);
    if (!was && will && facts_.limit) step.guard.push_back("in_flight < " + std::to_string(*facts_.limit));
    if (!was && will) step.updates.push_back("in_flight := in_flight + 1");
    if (was && !will) step.updates.push_back("in_flight := in_flight - 1");
  }

  // -- requirements ---------------------------------------------------------------------------------------------------

  std::string name_of(ast::ExprId id) const { return std::get<ast::Path>(facts_.tree->at(id).value).text(); }

  std::string relation(std::size_t r, const ast::Expr& holds) const {
    return role(r).name + "_holds_" + name_of(holds.args[1]) + "_on_" + type(name_of(holds.args[2]));
  }

  /// The relations that stand in a requirement: comparisons joined by `&&`, `!` before some.
  std::set<std::string> relations_in(std::size_t r, ast::ExprId root) const {
    std::set<std::string> found;
    for (std::vector<ast::ExprId> open{root}; !open.empty();) {
      const ast::Expr& expr = facts_.tree->at(open.back());
      open.pop_back();
      if (expr.kind == ast::ExprKind::Holds) {
        found.insert(relation(r, expr));
      } else if (expr.kind == ast::ExprKind::And || expr.kind == ast::ExprKind::Not) {
        open.insert(open.end(), expr.args.begin(), expr.args.end());
      }
    }
    return found;
  }

  std::string value(std::size_t r, const ast::Alternative& one, ast::ExprId id) const {
    const std::string name = name_of(id);
    if (is_session(name)) return name;
    if (one.message) {
      const auto& fields = facts_.messages.at(one.message->text).fields;
      if (std::find(fields.begin(), fields.end(), name) != fields.end()) return name;
    }
    return memory(r, name);
  }

  std::string requirement(std::size_t r, const ast::Alternative& one, ast::ExprId root) const {
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

  // -- the wire -------------------------------------------------------------------------------------------------------

  void wire(const std::string& name, const Message& message) {
    const std::string bound = joined(bindings_of(message), ", ");
    const std::string transit = of("transit", name, message.fields);
    line("action lose_" + name + "(" + bound + ")");
    line("    when " + transit + " > 0");
    line("    do " + transit + " := " + transit + " - 1;");
    if (!facts_.wire.inject) return;
    Strings known;
    Strings changed = bindings_of(message);
    Strings altered;
    for (const std::string& field : message.fields) {
      if (fresh(field)) known.push_back("seen_" + field + "(" + field + ")");
      altered.push_back(fresh(field) ? field : "new_" + field);
      if (!fresh(field)) changed.push_back("new_" + field + ": " + type(field));
    }
    line("action attacker_forges_" + name + "(" + bound + ")");
    if (!known.empty()) line("    when " + joined(known, " && "));
    line("    do " + of("wire", name, message.fields) + " := true;");
    if (altered == message.fields) return;
    line("action attacker_alters_" + name + "(" + joined(changed, ", ") + ")");
    line("    when " + of("sent", name, message.fields));
    line("    do " + of("wire", name, altered) + " := true;");
  }

  void attacker_makes() {
    if (!facts_.wire.inject) return;
    for (const auto& [name, field] : facts_.fields) {
      if (!field.fresh) continue;
      line("action attacker_makes_" + name + "(" + name + ": " + field.type + ")");
      line("    when !used_" + name + "(" + name + ")");
      line("    do used_" + name + "(" + name + ") := true, seen_" + name + "(" + name + ") := true;");
    }
  }

  // -- what is proved -------------------------------------------------------------------------------------------------

  void lemmas() {
    for (const auto& [name, message] : facts_.messages) {
      const auto& f = message.fields;
      const std::string sent = of("sent", name, f);
      line("lemma transit_" + name + "_was_sent: " + for_all(message) + of("transit", name, f) + " > 0 -> " + sent +
           ";");
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

  /// While a run cannot have accepted a message yet, whatever of it was sent is still to be accepted.
  void first_accept(const std::string& name, const Message& message) {
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

  /// What every step that sends a message asks of a field of it.
  Strings demands(const std::string& name, const Message& message) const {
    Strings common;
    bool first = true;
    for (const auto& [state, step] : role(message.sender).steps) {
      for (const ast::Alternative& one : step->alternatives) {
        if (one.act != Act::Send || one.message->text != name) continue;
        Strings asked = asked_of(message, one);
        if (!first) {
          asked.erase(std::remove_if(asked.begin(), asked.end(),
                                     [&](const std::string& a) {
                                       return std::find(common.begin(), common.end(), a) == common.end();
                                     }),
                      asked.end());
        }
        common = std::move(asked);
        first = false;
      }
    }
    return common;
  }

  Strings asked_of(const Message& message, const ast::Alternative& one) const {
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

  bool authorised(const std::string& name, const Message& message, const std::string& head, const std::string& what) {
    if (message.sender == 2) return false;
    const Strings asked = demands(name, message);
    if (asked.empty()) return false;
    line(head + for_all(message) + of(what, name, message.fields) + " -> " + joined(asked, " && ") + ";");
    return true;
  }

  void invariants() {
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

  void authorised_invariant() {
    Strings all;
    for (const auto& [name, message] : facts_.messages) {
      if (message.sender == 2) continue;
      const Strings asked = demands(name, message);
      if (asked.empty()) continue;
      all.push_back("(" + for_all(message) + of("accepted", name, message.fields) + " -> " + joined(asked, " && ") +
                    ")");
    }
    if (all.empty()) return;
    line("/// Whatever is accepted was asked for by a role that held the right to it.");
    line("invariant authorised: " + joined(all, " && ") + ";");
  }

  std::string no_deadlock() const {
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

  /// A value that was never used is always there to be taken: sending asks for none here.
  std::string enabled(std::size_t r, const std::string& state, const ast::Alternative& one) const {
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

  /// The known mistake: a value that was to be new is taken again, for a session after the first one.
  void nonce_reuse() {
    if (!session() || facts_.opener == 2) return;
    const Role& one = role(facts_.opener);
    Strings over;
    for (const std::string& state : one.states) {
      if (facts_.ends(facts_.opener, state)) over.push_back(at(facts_.opener, state));
    }
    if (over.empty()) return;
    const std::string& field = facts_.decl->session->text;
    std::string text = "variant NonceReuse { add action reuse(" + field + ": " + type(field) + ") when " +
                       joined(over, " || ") + " do " + one.name + "(" + field + ") := " + state_type(facts_.opener) +
                       "." + one.states.front();
    if (has_used(field)) text += ", used_" + field + "(" + field + ") := false";
    line(text + "; }");
  }

  const Facts& facts_;
  std::set<std::string> relations_;
  ModelText made_;
};

}  // namespace

ModelText model_text(const Facts& facts) {
  return Text(facts).run();
}

}  // namespace bulkhead::expand

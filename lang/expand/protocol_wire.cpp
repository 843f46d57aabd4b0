// The wire: what the attacker delivers, alters and makes.
#include "lang/expand/model_writer.h"

namespace bulkhead::expand {

void ModelWriter::wire(const std::string& name, const Message& message) {
  const std::string bound = joined(bindings_of(message), ", ");
  const std::string transit = of("transit", name, message.fields);
  line("action lose_" + name + "(" + bound + ")");
  line("    when " + transit + " > 0");
  line("    do " + transit + " := " + transit + " - 1;");
  if (!facts_.wire.inject) return;
  Strings known;
  Strings changed = bindings_of(message);
  Strings possible = {of("sent", name, message.fields)};
  Strings altered;
  for (const std::string& field : message.fields) {
    if (fresh(field)) known.push_back("seen_" + field + "(" + field + ")");
    // Whoever can read what was sent forges a message with another value that is fresh. Whoever cannot puts in one of
    // his own, or what stands in another message, without knowing it.
    const bool kept = fresh(field) && facts_.wire.read;
    altered.push_back(kept ? field : "new_" + field);
    if (kept) continue;
    changed.push_back("new_" + field + ": " + type(field));
    if (fresh(field)) possible.push_back("used_" + field + "(new_" + field + ")");
  }
  line("action attacker_forges_" + name + "(" + bound + ")");
  if (!known.empty()) line("    when " + joined(known, " && "));
  line("    do " + of("wire", name, message.fields) + " := true;");
  if (altered == message.fields) return;
  line("action attacker_alters_" + name + "(" + joined(changed, ", ") + ")");
  line("    when " + joined(possible, " && "));
  line("    do " + of("wire", name, altered) + " := true;");
}

void ModelWriter::attacker_makes() {
  if (!facts_.wire.inject) return;
  for (const auto& [name, field] : facts_.fields) {
    if (!field.fresh) continue;
    line("action attacker_makes_" + name + "(" + name + ": " + field.type + ")");
    line("    when !used_" + name + "(" + name + ")");
    line("    do used_" + name + "(" + name + ") := true, seen_" + name + "(" + name + ") := true;");
  }
}

void ModelWriter::nonce_reuse() {
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

}  // namespace bulkhead::expand

// The state of the model: a function of runs for each role, and what was sent.
#include <cctype>

#include "lang/expand/model_writer.h"

namespace bulkhead::expand {

std::string joined(const Strings& parts, const std::string& between) {
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i) text += (i == 0 ? "" : between) + parts[i];
  return text;
}

std::string capitalised(std::string word) {
  word[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(word[0])));
  return word;
}

ModelText ModelWriter::run() {
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

void ModelWriter::line(const std::string& text) {
  made_.text += (text == "}" || text.rfind("model ", 0) == 0 ? "" : "    ") + text + "\n";
}

std::string ModelWriter::run_name() const {
  if (session()) return facts_.decl->session->text;
  std::string name = "run";
  while (facts_.fields.count(name) != 0) name += "_";
  return name;
}

std::string ModelWriter::run_type(std::size_t r) const {
  return session() ? type(facts_.decl->session->text) : capitalised(role(r).name) + "Run";
}

std::string ModelWriter::at(std::size_t r, const std::string& state) const {
  return role(r).name + "(" + run_name() + ") == " + state_type(r) + "." + state;
}

std::string ModelWriter::of(const std::string& what, const std::string& message, const Strings& fields) {
  return what + "_" + message + "(" + joined(fields, ", ") + ")";
}

std::string ModelWriter::types_of(const Message& message) const {
  Strings all;
  for (const std::string& field : message.fields) all.push_back(type(field));
  return "(" + joined(all, ", ") + ")";
}

Strings ModelWriter::bindings_of(const Message& message) const {
  Strings all;
  for (const std::string& field : message.fields) all.push_back(field + ": " + type(field));
  return all;
}

void ModelWriter::types() {
  for (const std::string& sort : facts_.sorts) line("sort " + sort + ";");
  for (std::size_t r = 0; r < 2; ++r) {
    if (!session()) line("sort " + run_type(r) + ";");
    line("enum " + state_type(r) + " { " + joined(role(r).states, ", ") + " }");
  }
}

void ModelWriter::role_state(std::size_t r) {
  const Role& one = role(r);
  line("var " + one.name + ": " + run_type(r) + " -> " + state_type(r) + " = " + state_type(r) + "." +
       one.states.front() + ";");
  for (const std::string& field : one.remembered) {
    line("var " + one.name + "_" + field + ": " + run_type(r) + " -> " + type(field) + ";");
  }
  std::set<std::pair<std::string, std::string>> relations;
  for (const auto& [state, step] : one.steps) {
    for (const ast::Alternative& alternative : step->alternatives) {
      if (alternative.when) relations.merge(relations_in(r, *alternative.when));
    }
  }
  for (const auto& [name, type] : relations) line("relation " + name + ": (" + type + ") -> bool;");
}

void ModelWriter::message_state(const std::string& name, const Message& message) {
  const std::string types = types_of(message);
  line("var sent_" + name + ": " + types + " -> bool = false;");
  line("var accepted_" + name + ": " + types + " -> bool = false;");
  line("var transit_" + name + ": " + types + " -> int = 0;  // copies on the wire");
  line("var balance_" + name + ": " + types + " -> int = 0;  // times sent less times accepted");
  if (facts_.wire.replay)
    line("var wire_" + name + ": " + types + " -> bool = false;  // what the attacker can deliver");
}

void ModelWriter::fresh_state() {
  for (const auto& [name, field] : facts_.fields) {
    if (has_used(name)) line("var used_" + name + ": " + field.type + " -> bool = false;");
    if (field.fresh && facts_.wire.inject) {
      line("var seen_" + name + ": " + field.type + " -> bool = false;  // the attacker knows it");
    }
  }
}

ModelText model_text(const Facts& facts) {
  return ModelWriter(facts).run();
}

}  // namespace bulkhead::expand

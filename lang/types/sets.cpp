// Named sets, each lowered after the sets that it is made of; circles among them are refused.
#include <algorithm>

#include "lang/types/patterns.h"

namespace bulkhead::types {
namespace {

bool is_set(Kind kind) {
  return kind == Kind::FileSet || kind == Kind::NetSet || kind == Kind::SyscallSet;
}

/// The names of other sets in the declaration of a set.
std::vector<ast::Name> parts_of(const ast::SentenceForm& form) {
  std::vector<ast::Name> names;
  const auto collect = [&](const ast::Objects& objects) {
    for (const ast::ObjectItem& item : objects.items) {
      if (const auto* path = std::get_if<ast::Path>(&item); path != nullptr && path->simple()) {
        names.push_back(path->parts.front());
      }
    }
  };
  if (const auto* file = std::get_if<ast::FileDecl>(&form)) collect(file->objects);
  if (const auto* net = std::get_if<ast::NetDecl>(&form)) collect(net->objects);
  if (const auto* calls = std::get_if<ast::SyscallsDecl>(&form)) names = calls->union_of;
  return names;
}

struct Step {
  SymbolId set;
  std::vector<ast::Name> parts;
  std::size_t next = 0;
};

void report_cycle(Lowering& lowering, const std::vector<Step>& path, SymbolId closing, const source::Span& span) {
  diag::Diagnostic report{Code::SetCycle, span, "sets are made of each other: ", {}, "", {}};
  bool inside = false;
  for (const Step& step : path) {
    inside = inside || step.set == closing;
    if (!inside) continue;
    const ast::Name& name = lowering.names.at(step.set).name;
    report.message += "`" + name.text + "` -> ";
    report.labels.push_back({name.span, "`" + name.text + "` takes part"});
  }
  report.message += "`" + lowering.names.at(closing).name.text + "`";
  report.help = "take one of them out of the circle";
  lowering.sink.report(std::move(report));
}

/// The sets in an order in which parts come before wholes. What closes a circle is reported; its set is left out.
std::vector<SymbolId> order_of_sets(Lowering& lowering, std::vector<bool>& circular) {
  enum class Mark { New, Open, Done };
  const auto& symbols = lowering.names.symbols();
  std::vector<Mark> marks(symbols.size(), Mark::New);
  std::vector<SymbolId> order;
  for (std::size_t start = 0; start < symbols.size(); ++start) {
    if (!is_set(symbols[start].kind) || marks[start] != Mark::New) continue;
    std::vector<Step> path{{SymbolId(start), parts_of(lowering.sentence_of(SymbolId(start)).form), 0}};
    marks[start] = Mark::Open;
    while (!path.empty()) {
      Step& step = path.back();
      if (step.next == step.parts.size()) {
        marks[step.set.index()] = Mark::Done;
        order.push_back(step.set);
        path.pop_back();
        continue;
      }
      const ast::Name name = step.parts[step.next++];
      const Space space = resolve::space_of(symbols[step.set.index()].kind);
      const auto part = lowering.names.peek(space, name.text);
      if (!part || !is_set(lowering.names.at(*part).kind)) continue;
      if (marks[part->index()] == Mark::Open) {
        circular[part->index()] = true;
        report_cycle(lowering, path, *part, name.span);
      } else if (marks[part->index()] == Mark::New) {
        marks[part->index()] = Mark::Open;
        path.push_back({*part, parts_of(lowering.sentence_of(*part).form), 0});
      }
    }
  }
  return order;
}

std::optional<ir::LabelId> label_of(Lowering& lowering, const std::optional<ast::Name>& label, ModuleId module) {
  if (!label) return std::nullopt;
  const auto symbol = lowering.find(Space::Labels, *label, module);
  return symbol ? std::optional(lowering.labels[symbol->index()]) : std::nullopt;
}

void lower_set(Lowering& lowering, SymbolId id) {
  const resolve::Symbol& symbol = lowering.names.at(id);
  const ast::Sentence& sentence = lowering.sentence_of(id);
  ir::ObjectSet set;
  set.name = symbol.name.text;
  std::optional<LoweredObjects> objects;
  if (const auto* file = std::get_if<ast::FileDecl>(&sentence.form)) {
    objects = lower_set(lowering, file->objects, ir::Plane::File, symbol.module);
    set.label = label_of(lowering, file->label, symbol.module);
  } else if (const auto* net = std::get_if<ast::NetDecl>(&sentence.form)) {
    objects = lower_set(lowering, net->objects, ir::Plane::Net, symbol.module);
    set.label = label_of(lowering, net->label, symbol.module);
  } else {
    const auto& calls = std::get<ast::SyscallsDecl>(sentence.form);
    objects = lower_call_names(lowering, calls.union_of, symbol.module);
    for (const ast::SyscallsDecl::Entry& entry : calls.entries) {
      const auto call = lowering.names.peek(Space::Syscalls, entry.name.text);
      if (objects && call && lowering.syscalls[call->index()].valid()) {
        objects->patterns.syscalls.push_back(lowering.syscalls[call->index()]);
      }
    }
    if (objects) normalise(objects->patterns);
  }
  if (!objects || !lowering.spend(objects->patterns.files.size() + objects->patterns.nets.size(), sentence.span))
    return;
  set.plane = objects->plane;
  set.patterns = std::move(objects->patterns);
  const bool table = set.plane == ir::Plane::Syscall;
  set.sentence = lowering.sentence(symbol.module, sentence.span, table ? "syscalls " + set.name : "");
  lowering.sets[id.index()] = ir::ObjectSetId(lowering.world.sets.size());
  lowering.world.sets.push_back(std::move(set));
}

/// The label that the declaration of a volume or device gives to everything in it.
std::optional<ast::Name> written_label(const Lowering& lowering, std::size_t symbol) {
  const resolve::Symbol& declared = lowering.names.symbols()[symbol];
  if (declared.kind != Kind::Volume && declared.kind != Kind::Device) return std::nullopt;
  const ast::SentenceForm& form = lowering.sentence_of(SymbolId(symbol)).form;
  if (const auto* volumes = std::get_if<ast::VolumeDecl>(&form)) return volumes->items[declared.item].label;
  return std::get<ast::SubjectDecl>(form).label;
}

/// `volume V label L`, `device D label L`: everything in it, as if a set had been declared.
void label_volumes(Lowering& lowering) {
  const auto& symbols = lowering.names.symbols();
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    const auto label = label_of(lowering, written_label(lowering, i), symbols[i].module);
    if (!label) continue;
    ir::ObjectSet set;
    set.name = "all_of_" + symbols[i].name.text;
    set.patterns.files = {{lowering.volumes[i], "/**", ""}};
    set.label = *label;
    set.sentence = lowering.world.at(lowering.volumes[i]).sentence;
    lowering.used[i] = true;
    lowering.world.sets.push_back(std::move(set));
  }
}

}  // namespace

void lower_sets(Lowering& lowering) {
  std::vector<bool> circular(lowering.names.symbols().size(), false);
  const std::vector<SymbolId> order = order_of_sets(lowering, circular);
  for (const SymbolId id : order) {
    if (!circular[id.index()]) lower_set(lowering, id);
  }
  label_volumes(lowering);
}

}  // namespace bulkhead::types

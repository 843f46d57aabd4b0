#include "lang/types/model_sentences.h"

#include <map>

namespace bulkhead::types {

void list_model_sentences(Lowering& lowering) {
  std::map<source::FileId, ModuleId> own;
  for (std::size_t m = 0; m < lowering.modules.modules.size(); ++m) {
    const resolve::Module& module = lowering.modules.modules[m];
    if (!module.library) own.emplace(module.tree.file, ModuleId{m});
  }
  for (std::size_t i = 0; i < lowering.world.systems.size(); ++i) {
    const system::System& system = lowering.world.systems[i];
    const source::Span& block = system.origin.span;
    const auto module = own.find(block.file);  // what was made of channels stands in no file
    if (!system.variant.empty() || module == own.end()) continue;
    const auto add = [&](const system::Origin& origin) {
      const source::Span& span = origin.span;
      const bool inside = span.file == block.file && block.begin < span.begin && span.end <= block.end;
      if (inside) lowering.sentence(module->second, span, origin.text);
    };
    for (const system::Function& function : system.functions) {
      if (function.initial.valid()) add(function.origin);
    }
    for (const system::Action& action : system.actions) {
      add(action.origin);
      for (const system::Update& update : action.updates) add(update.origin);
    }
    for (const system::Property& property : system.properties) add(property.origin);
    for (const system::View& view : system.views) add(view.origin);
  }
}

}  // namespace bulkhead::types

// Smells: what is allowed to be written and is hardly meant.
#include <algorithm>
#include <map>

#include "lang/types/amounts.h"
#include "lang/types/glob_text.h"
#include "lang/types/lowering.h"

namespace bulkhead::types {
namespace {

bool is_below(const std::string& path, const std::string& folder) {
  return path.compare(0, folder.size(), folder) == 0 && (path.size() == folder.size() || path[folder.size()] == '/');
}

void smell(Lowering& lowering, Code code, const source::Span& span, std::string message, const ir::Sentence* label,
           std::string help) {
  diag::Diagnostic report{code, span, std::move(message), {}, std::move(help), {}};
  if (label != nullptr && label->span.file.valid()) report.labels.push_back({label->span, label->text});
  lowering.sink.report(std::move(report));
}

void smell_note(Lowering& lowering, const Lowering::FileNote& note) {
  const ir::Subject& subject = lowering.world.at(note.subject);
  for (const ir::FilePattern& pattern : note.patterns) {
    if (pattern.volume == ir::kOwnRoot) {
      const std::string prefix = literal_prefix(pattern.glob);
      for (const ir::Mount& mount : subject.mounts) {
        if (!is_below(prefix, mount.target)) continue;
        const std::string& volume = lowering.world.at(mount.volume).name;
        smell(lowering, Code::HiddenPattern, note.span,
              "`" + pattern.glob + "` is a path of the own root, and volume `" + volume + "` is mounted over it",
              &lowering.world.at(mount.sentence),
              "to speak of the volume write `" + volume + ":\"" +
                  (prefix.size() == mount.target.size() ? "/**" : pattern.glob.substr(mount.target.size())) + "\"`");
        break;
      }
      continue;
    }
    if (note.effect == ir::Effect::Forbid) continue;
    const auto mounted = [&](const ir::Mount& mount) { return mount.volume == pattern.volume; };
    if (pattern.volume == ir::kHost) {
      smell(lowering, Code::HostGrant, note.span, "`" + subject.name + "` does not see the files of the host", nullptr,
            "declare `volume V from host:\"/...\";` and mount it");
    } else if (std::none_of(subject.mounts.begin(), subject.mounts.end(), mounted)) {
      const std::string& volume = lowering.world.at(pattern.volume).name;
      smell(lowering, Code::UnmountedVolume, note.span, "`" + subject.name + "` does not mount `" + volume + "`",
            &lowering.world.at(lowering.world.at(pattern.volume).sentence), "add `mount " + volume + " at \"/...\";`");
    }
  }
}

void smell_unused(Lowering& lowering) {
  const std::vector<bool> profiles = resolve::used_profiles(lowering.names);
  const auto& symbols = lowering.names.symbols();
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    const resolve::Symbol& symbol = symbols[i];
    const resolve::Module& module = lowering.modules.at(symbol.module);
    if (module.library) continue;
    const std::string name = "`" + symbol.name.text + "`";
    // What is imported may be there for another policy, as the models are that somebody keeps beside theirs.
    if (module.root && symbol.kind == Kind::Profile && !profiles[i] && !lowering.used[i]) {
      smell(lowering, Code::UnusedProfile, symbol.name.span, "profile " + name + " is used by nothing", nullptr,
            "write `uses " + symbol.name.text + "`, or remove it");
    }
    const bool set = symbol.kind == Kind::FileSet || symbol.kind == Kind::NetSet || symbol.kind == Kind::SyscallSet ||
                     symbol.kind == Kind::Volume;
    if (!set) continue;
    const bool labelled = lowering.sets[i].valid() && lowering.world.at(lowering.sets[i]).label.has_value();
    const bool claimed = lowering.modules.claimed_ends.count(symbol.name.text) != 0;
    if (module.root && !lowering.used[i] && !labelled && !claimed) {
      smell(lowering, Code::UnusedSet, symbol.name.span,
            std::string(to_string(symbol.kind)) + " " + name + " is named by no rule, claim or mount", nullptr, "");
    }
    if (!lowering.sets[i].valid()) continue;
    const ir::ObjectPatterns& has = lowering.world.at(lowering.sets[i]).patterns;
    if (!has.everything && has.files.empty() && has.nets.empty() && has.syscalls.empty()) {
      smell(lowering, Code::EmptySet, symbol.name.span, name + " contains nothing", nullptr, "");
    }
  }
}

/// Only what can be seen in the text; whether two patterns meet at all is found out by `bulkhead check`, exactly.
void smell_labels(Lowering& lowering) {
  std::map<ir::FilePattern, const ir::ObjectSet*> labelled;
  for (const ir::ObjectSet& set : lowering.world.sets) {
    if (!set.label) continue;
    for (const ir::FilePattern& pattern : set.patterns.files) {
      const auto [found, fresh] = labelled.emplace(pattern, &set);
      if (fresh || found->second->label == set.label) continue;
      smell(lowering, Code::OverlappingLabels, lowering.world.at(set.sentence).span,
            "`" + pattern.glob + "` is in `" + found->second->name + "` and `" + set.name + "`, and their labels join",
            &lowering.world.at(found->second->sentence), "");
    }
  }
}

void smell_reserves(Lowering& lowering) {
  for (const ir::Subject& subject : lowering.world.subjects) {
    for (const std::string& word : resource_words()) {
      const ResourceName resource = *resource_from(word);
      const auto& limit = quantity_of(subject.limits, resource);
      const auto& reserve = quantity_of(subject.reserve, resource);
      if (!limit || !reserve || reserve->amount <= limit->amount) continue;
      smell(lowering, Code::ReserveAboveLimit, lowering.world.at(reserve->sentence).span,
            "`" + subject.name + "` reserves more " + word + " than its limit of " +
                spell(limit->amount, measure_of(resource)) + " lets it use",
            &lowering.world.at(limit->sentence), "raise the limit, or reserve less");
    }
  }
}

}  // namespace

void find_smells(Lowering& lowering) {
  for (const Lowering::FileNote& note : lowering.file_notes) smell_note(lowering, note);
  smell_unused(lowering);
  smell_labels(lowering);
  smell_reserves(lowering);
}

}  // namespace bulkhead::types

// Volumes: the two that every world has, the declared ones, and what lies behind them on the host.
#include "lang/types/glob_text.h"
#include "lang/types/lowering.h"
#include "lang/types/quantity.h"

namespace bulkhead::types {
namespace {

struct SourceOf {
  ir::VolumeId volume;
  source::Span span;
};

void set_source(Lowering& lowering, const ast::VolumeDecl::Item& item, ir::Volume& volume) {
  if (item.source) {
    const ast::FilePattern& source = *item.source;
    if (!source.volume || source.volume->text != "host") {
      lowering.error(Code::VolumeSource, source.span, "a volume is kept on the host",
                     "write `from host:\"" + source.glob.value + "\"`");
    } else if (check_path(source.glob, "the source of a volume", lowering.sources, lowering.sink)) {
      volume.host_source = source.glob.value;
    }
  }
  if (item.tmpfs) {
    if (const auto size = quantity(*item.tmpfs, Measure::Size, "tmpfs", lowering.sink)) volume.size_bytes = *size;
    if (volume.size_bytes == 0) {
      lowering.error(Code::QuantityOutOfRange, item.tmpfs->span, "a tmpfs volume needs room", "write `tmpfs 64 MiB`");
    }
  }
  const auto option = lowering.options.volume_sources.find(volume.name);
  if (option == lowering.options.volume_sources.end() || option->second == volume.host_source) return;
  if (!volume.host_source.empty() || volume.size_bytes != 0) {
    lowering.error(Code::VolumeSource, item.span,
                   "the policy and the run put different things behind volume `" + volume.name + "`",
                   "leave the source out here, or leave `--volume " + volume.name + "=...` out");
    return;
  }
  const ast::String path{option->second, item.name.span};
  if (check_path(path, "the source of volume `" + volume.name + "`", lowering.sources, lowering.sink)) {
    volume.host_source = option->second;
  }
}

void report_alias(Lowering& lowering, const SourceOf& outer, const SourceOf& inner) {
  const ir::Volume& a = lowering.world.at(outer.volume);
  const ir::Volume& b = lowering.world.at(inner.volume);
  lowering.sink.report({Code::AliasedVolumes,
                        inner.span,
                        "volumes `" + a.name + "` and `" + b.name + "` both hold what lies at `" + b.host_source + "`",
                        {{outer.span, "`" + a.name + "` is kept in `" + a.host_source + "`"}},
                        "declare one volume and mount it twice, or keep them in folders apart",
                        {}});
}

/// Two volumes on one part of the host would be two names for the same objects, and rules match objects by name.
void refuse_aliases(Lowering& lowering, const std::vector<SourceOf>& sources) {
  std::map<std::string, const SourceOf*> by_path;
  for (const SourceOf& source : sources) {
    const auto [found, fresh] = by_path.emplace(lowering.world.at(source.volume).host_source, &source);
    if (!fresh) report_alias(lowering, *found->second, source);
  }
  for (const auto& [path, inner] : by_path) {
    for (std::string above = path; above != "/";) {
      above.resize(above.rfind('/'));
      if (above.empty()) above = "/";
      const auto outer = by_path.find(above);
      if (outer == by_path.end()) continue;
      report_alias(lowering, *outer->second, *inner);
      break;
    }
  }
}

}  // namespace

void lower_volumes(Lowering& lowering) {
  ir::Volume root;
  root.kind = ir::VolumeKind::OwnRoot;
  ir::Volume host;
  host.name = "host";
  host.kind = ir::VolumeKind::Host;
  lowering.world.volumes = {std::move(root), std::move(host)};
  std::vector<SourceOf> sources;
  const auto& symbols = lowering.names.symbols();
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    if (symbols[i].kind != Kind::Volume) continue;
    const auto& decl = std::get<ast::VolumeDecl>(lowering.sentence_of(SymbolId(i)).form);
    const ast::VolumeDecl::Item& item = decl.items[symbols[i].item];
    ir::Volume volume;
    volume.name = item.name.text;
    if (volume.name == "host") {
      lowering.error(Code::DuplicateName, item.name.span, "`host` is the file tree of the host already",
                     "choose another name");
    }
    set_source(lowering, item, volume);
    volume.sentence = lowering.sentence(symbols[i].module, item.span,
                                        "volume " + source::one_line(lowering.sources.slice(item.span)));
    lowering.volumes[i] = ir::VolumeId(lowering.world.volumes.size());
    if (!volume.host_source.empty()) sources.push_back({lowering.volumes[i], item.span});
    lowering.world.volumes.push_back(std::move(volume));
  }
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    if (symbols[i].kind != Kind::Device) continue;
    ir::Volume device;
    device.name = symbols[i].name.text;
    device.kind = ir::VolumeKind::Device;
    device.sentence = lowering.sentence(symbols[i].module, lowering.sentence_of(SymbolId(i)).span);
    lowering.volumes[i] = ir::VolumeId(lowering.world.volumes.size());
    lowering.world.volumes.push_back(std::move(device));
  }
  refuse_aliases(lowering, sources);
  for (const auto& [name, path] : lowering.options.volume_sources) {
    const auto symbol = lowering.names.peek(Space::Objects, name);
    if (symbol && lowering.names.at(*symbol).kind == Kind::Volume) continue;
    lowering.error(Code::UnknownName, {},
                   "the run puts something behind volume `" + name + "`, which the policy does not declare",
                   "declare it: `volume " + name + ";`");
  }
}

}  // namespace bulkhead::types

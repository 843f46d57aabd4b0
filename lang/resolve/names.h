// The names of one policy: what each module declares, found again by whoever may see it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lang/ast/ast.h"
#include "lang/diag/diagnostic.h"
#include "lang/resolve/modules.h"

namespace bulkhead::resolve {

/// What a name stands for. Names of one space must differ; the spaces do not know each other, because no place in the
/// language takes names of two of them: objects, subjects, labels, enums, keys, system calls, kernel capabilities,
/// container attributes, context attributes, models, channels, capabilities.
enum class Kind : std::uint8_t {
  Volume,
  FileSet,
  NetSet,
  Device,  // objects
  Container,
  Host,
  Profile,
  Pod,
  Subject,  // subjects
  Label,
  Enum,
  Key,
  SyscallSet,
  Syscall,  // system calls
  KernelCapability,
  ContainerAttribute,
  ContextAttribute,
  Model,
  Channel,
  Capability,
  Dynamic  // declared by a sentence about behaviour: in every space
};

enum class Space : std::uint8_t {
  Objects,
  Subjects,
  Labels,
  Enums,
  Keys,
  Syscalls,
  KernelCapabilities,
  ContainerAttributes,
  ContextAttributes,
  Models,
  Channels,
  Capabilities
};
inline constexpr std::size_t kSpaces = 12;

Space space_of(Kind kind);              // Requires: kind != Dynamic
std::string_view to_string(Kind kind);  // "volume", "system call"

using SymbolId = Id<struct SymbolTag>;

struct Symbol {
  Kind kind = Kind::Volume;
  ModuleId module;
  ast::Name name;
  std::size_t sentence = 0;  // index into the module's sentences
  std::size_t item = 0;      // which of the sentence's items: a volume, a label, an entry of a table
};

class Names {
 public:
  /// Declares everything that the modules declare. Duplicates are reported, with the earlier place; the first one
  /// counts.
  static Names collect(const Modules& modules, diag::DiagnosticSink& sink);

  const std::vector<Symbol>& symbols() const { return symbols_; }
  const Symbol& at(SymbolId id) const { return symbols_.at(id.index()); }
  const Modules& modules() const { return *modules_; }

  /// The symbol as seen from a module; reported where there is none, or only one that the module does not import.
  /// Silent where the text has mistakes that may have swallowed the declaration.
  std::optional<SymbolId> find(Space space, const ast::Name& name, ModuleId from, diag::DiagnosticSink& sink) const;
  /// The same without reports, and without regard to imports.
  std::optional<SymbolId> peek(Space space, std::string_view name) const;
  /// A sentence about behaviour declares this name.
  bool is_dynamic(std::string_view name) const { return dynamic_.count(std::string(name)) != 0; }

 private:
  void declare(Kind kind, ModuleId module, const ast::Name& name, std::size_t sentence, std::size_t item,
               diag::DiagnosticSink& sink);
  void declare_sentence(ModuleId module, std::size_t sentence, diag::DiagnosticSink& sink);

  const Modules* modules_ = nullptr;
  std::vector<Symbol> symbols_;
  std::map<std::string, SymbolId, std::less<>> spaces_[kSpaces];
  std::map<std::string, SymbolId, std::less<>> dynamic_;
};

}  // namespace bulkhead::resolve

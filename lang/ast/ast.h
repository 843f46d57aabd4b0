// The syntax tree of one file of Bulkhead's language, as plain values: what was written, with the place of every word.
//
// Nothing is resolved here: names are text. A sentence that the parser could not understand is left out after a
// diagnostic; whoever goes on with such a module must look at the sink's errors.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "lang/ast/authority.h"
#include "lang/ast/body.h"
#include "lang/ast/claim.h"
#include "lang/ast/expr.h"
#include "lang/ast/model.h"
#include "lang/ast/protocol.h"
#include "lang/ast/rule.h"
#include "lang/ast/word.h"

namespace bulkhead::ast {

/// `label Public < Internal < Secret, Public < Audit;`: each chain in rising order.
struct LabelDecl {
  std::vector<std::vector<Name>> chains;
};
/// `attribute trust: Trust optional;` (of containers) and `context mfa: bool optional;`
struct AttributeDecl {
  enum class Of : std::uint8_t { Container, Context } of = Of::Container;
  Name name;
  Name type;
  bool optional = false;
};
/// `volume DataVol, TmpVol;`, `volume V from host:"/srv/data" label Secret;`, `volume T tmpfs 64 MiB;`
struct VolumeDecl {
  struct Item {
    Name name;
    std::optional<FilePattern> source;
    std::optional<Number> tmpfs;
    std::optional<Name> label;
    Span span;
  };
  std::vector<Item> items;
};
/// `file Secrets = "/etc/{passwd,shadow}", host:"/root/**" label Secret;`
struct FileDecl {
  Name name;
  Objects objects;
  std::optional<Name> label;
};
/// `net Registry = 10.0.7.0/24 port 443 tcp or 10.0.8.1 port 53 udp;`: items are NetPattern, or Path of another net.
struct NetDecl {
  Name name;
  Objects objects;
  std::optional<Name> label;  // of what is received from there
};
/// `trust high;` in the body of a key or an image.
struct Property {
  Name name;
  ExprId value;
  Span span;
};
/// `key TrustBoard { alg ml_dsa_87; }`
struct KeyDecl {
  Name name;
  std::vector<Property> properties;
};
/// `image "kai/agent-runtime" { digest sha256:...; channel stable; contract "behavior.contract.json"; }`
struct ImageDecl {
  String name;
  std::vector<Name> digests;  // as written: `sha256:0123...`; `...` stands for a digest that is not known yet
  std::vector<Property> properties;
};
/// `pod Social = Agent, Indexer;`
struct PodDecl {
  Name name;
  std::vector<Name> members;
};
struct HostDecl {
  Name name;
  Body body;
};
/// `container Agent uses enhanced { ... }`
struct ContainerDecl {
  Name name;
  std::vector<Name> uses;
  Body body;
};
/// `extend container Agent { ... }`
struct ExtendDecl {
  Name name;
  Body body;
};
/// `profile enhanced uses standard { ... }`
struct ProfileDecl {
  Name name;
  std::vector<Name> uses;
  Body body;
};
/// `syscalls memory { mmap 9 222; open 2 -; }` with the numbers on x86-64 and aarch64, and `syscalls all = basic,
/// memory;`
struct SyscallsDecl {
  struct Entry {
    Name name;
    std::optional<Number> x86_64;  // `-` where the architecture has no such call
    std::optional<Number> aarch64;
    Span span;
  };
  Name name;
  std::vector<Entry> entries;
  std::vector<Name> union_of;
};
/// `kernel capabilities { chown 0; ... }`
struct KernelCapabilitiesDecl {
  struct Entry {
    Name name;
    Number number;
    Span span;
  };
  std::vector<Entry> entries;
};
/// `Agent may read Data;` outside a body.
struct SubjectRule {
  SubjectRef subject;
  Rule rule;
};
/// A sentence about behaviour: its form and name are known, its content is kept as source text.
struct DynamicSentence {
  Name keyword;             // `detect`
  std::vector<Name> names;  // what it declares
  std::string text;         // as written, with its end
};

using SentenceForm =
    std::variant<LabelDecl, EnumDecl, AttributeDecl, VolumeDecl, FileDecl, NetDecl, KeyDecl, ImageDecl, PodDecl,
                 HostDecl, ContainerDecl, ExtendDecl, ProfileDecl, SyscallsDecl, KernelCapabilitiesDecl, AccessRule,
                 SubjectRule, ModelDecl, VariantDecl, ViewDecl, ProtocolDecl, ChannelDecl, LifecycleDecl, SubjectDecl,
                 CapabilityDecl, Holding, SubjectDelegation, SubjectTakingBack, Declassification, TrustedDecl,
                 OpenContainerDecl, FlowDecl, PackUse, Claim, DynamicSentence>;

struct Sentence {
  Span span;
  Doc doc;
  SentenceForm form;
};

struct Import {
  Path module;
  Span span;
};

struct Module {
  source::FileId file;
  std::optional<Number> language;  // `language 1;`
  std::optional<Path> name;        // `module kai.agent;`
  Doc doc;                         // the `///` block above `module`
  std::vector<Import> imports;
  std::vector<Sentence> sentences;  // in the order of the file
  std::vector<Expr> exprs;

  const Expr& at(ExprId id) const { return exprs.at(id.index()); }
};

}  // namespace bulkhead::ast

// Channels, capabilities, who holds them and who may hand them on, trust, and labels that go down.
#include <algorithm>

#include "lang/types/authority.h"
#include "lang/types/holds_condition.h"
#include "lang/types/rules.h"

namespace bulkhead::types {
namespace {

void bad(Lowering& lowering, const source::Span& span, std::string message, std::string help) {
  lowering.error(Code::BadDelegation, span, std::move(message), std::move(help));
}

/// The subjects at an end of a channel; none after an error. A net is the network: no subject.
struct End {
  std::vector<ir::SubjectId> subjects;
  ir::ObjectPatterns nets;
};
std::optional<End> end_of(Lowering& lowering, const ast::Name& name, ModuleId module) {
  const auto object = lowering.names.peek(Space::Objects, name.text);
  if (object && !lowering.names.peek(Space::Subjects, name.text)) {
    lowering.used[object->index()] = true;
    const ir::ObjectSetId set = lowering.sets[object->index()];
    if (lowering.names.at(*object).kind == Kind::NetSet && set.valid()) return End{{}, lowering.world.at(set).patterns};
    return std::nullopt;  // a device: refused where it matters, see lower_channels
  }
  if (!lowering.names.peek(Space::Subjects, name.text)) return std::nullopt;  // reported with the channel
  const ast::SubjectRef ref{std::nullopt, {{name}, name.span}, name.span};
  End end{subjects_named(lowering, ref, module), {}};
  return end.subjects.empty() ? std::nullopt : std::optional(end);
}

/// Each algorithm once, in the order in which they are written.
void add_algorithms(const ast::Protect& protect, std::vector<std::string>& by) {
  for (const ast::Name& with : protect.with) {
    if (std::find(by.begin(), by.end(), with.text) == by.end()) by.push_back(with.text);
  }
}

/// What keeps messages fresh keeps them whole: the algorithms of the one are told as those of the other.
void read_entries(const ast::ChannelDecl& decl, ir::Channel& channel) {
  for (const ast::ChannelEntry& entry : decl.entries) {
    if (std::holds_alternative<ast::ChannelLimits>(entry.form)) channel.bounded = true;
    if (std::holds_alternative<ast::Mediated>(entry.form)) channel.intact = channel.confidential = true;
    const auto* protect = std::get_if<ast::Protect>(&entry.form);
    for (std::size_t i = 0; protect != nullptr && i < protect->what.size(); ++i) {
      const bool hides = protect->what[i].text == "confidentiality";
      channel.intact = channel.intact || protect->what[i].text == "integrity";
      channel.confidential = channel.confidential || hides;
      add_algorithms(*protect, hides ? channel.confidentiality_by : channel.integrity_by);
    }
  }
}

bool has(const std::vector<ir::SubjectId>& subjects, ir::SubjectId subject) {
  return std::find(subjects.begin(), subjects.end(), subject) != subjects.end();
}

bool leads(const ir::Channel& channel, ir::SubjectId from, ir::SubjectId to) {
  const bool along = has(channel.from, from) && has(channel.to, to);
  return along || (channel.both_ways && has(channel.to, from) && has(channel.from, to));
}

/// A list of rights of which one may be `delegate`.
struct Handed {
  LoweredRights rights;
  bool onward = false;
};
std::optional<Handed> handed_rights(Lowering& lowering, const std::vector<ast::Name>& written) {
  std::vector<ast::Name> plain;
  for (const ast::Name& name : written) {
    if (name.text != "delegate") plain.push_back(name);
  }
  const source::Span span = written.front().span;
  if (plain.empty()) {
    bad(lowering, span, "`delegate` alone gives no right that could be handed on", "add the rights: `read, delegate`");
    return std::nullopt;
  }
  const auto rights = lower_rights(lowering, plain);
  if (!rights) return std::nullopt;
  if (rights->plane == ir::Plane::File || rights->plane == ir::Plane::Net) {
    return Handed{*rights, plain.size() < written.size()};
  }
  bad(lowering, plain.front().span, "`" + plain.front().text + "` is no right that can be handed over",
      "rights on files, devices and addresses can");
  return std::nullopt;
}

/// Objects that mean the same to everybody.
std::optional<ir::ObjectPatterns> handed_objects(Lowering& lowering, const ast::Objects& written, ir::Plane plane,
                                                 ModuleId module) {
  auto objects = lower_objects(lowering, written, plane, module);
  if (!objects) return std::nullopt;
  const auto& files = objects->patterns.files;
  const bool own = std::any_of(files.begin(), files.end(),
                               [](const ir::FilePattern& pattern) { return pattern.volume == ir::kOwnRoot; });
  if (!own && !(objects->patterns.everything && plane == ir::Plane::File)) return std::move(objects->patterns);
  bad(lowering, written.span, "files of a private root mean something else to everybody who names them",
      "keep what is shared in a volume: `volume V;` and `V:\"/path\"`");
  return std::nullopt;
}

std::vector<ir::SubjectId> one_name(Lowering& lowering, const ast::Name& name, ModuleId module) {
  return subjects_named(lowering, {std::nullopt, {{name}, name.span}, name.span}, module);
}

std::optional<ir::ChannelId> channel_named(Lowering& lowering, const ast::Name& name, ModuleId module) {
  const auto symbol = lowering.find(Space::Channels, name, module);
  if (!symbol) return std::nullopt;
  const ir::ChannelId channel = lowering.channels[symbol->index()];
  return channel.valid() ? std::optional(channel) : std::nullopt;
}

/// Who acts by a sentence, and what it was called: a pod, or a container of which there are many, means each of them.
struct Actors {
  std::string_view name;
  std::vector<ir::SubjectId> subjects;
};

void lower_delegation(Lowering& lowering, const Actors& givers, const ast::Delegation& written, ModuleId module,
                      ir::SentenceId sentence) {
  const auto rights = handed_rights(lowering, written.rights);
  const auto receivers = one_name(lowering, written.to, module);
  const auto via = channel_named(lowering, written.via, module);
  if (!rights || !via) return;
  const auto objects = handed_objects(lowering, written.objects, rights->rights.plane, module);
  if (!objects || givers.subjects.empty() || receivers.empty()) return;
  const ir::Channel& channel = lowering.world.at(*via);
  if (!channel.intact || !channel.confidential) {
    bad(lowering, written.via.span, "what is handed over by `" + channel.name + "` can be taken on the way",
        "say that it is `mediated by kernel`, or `protect integrity, confidentiality with ...`");
    return;
  }
  bool led = false;
  for (const ir::SubjectId from : givers.subjects) {
    for (const ir::SubjectId to : receivers) {
      if (from == to || !leads(channel, from, to)) continue;
      led = true;
      if (!lowering.spend(1 + objects->files.size() + objects->nets.size(), written.via.span)) return;
      auto when = lower_holds_condition(lowering, written.when, module, {{givers.name, from}, {written.to.text, to}});
      if (!when) return;
      lowering.world.delegations.push_back({from, to, rights->rights.rights, rights->onward, rights->rights.plane,
                                            *objects, *via, sentence, std::move(*when)});
    }
  }
  if (led) return;
  lowering.sink.report({Code::BadDelegation,
                        written.via.span,
                        "channel `" + channel.name + "` does not lead from `" +
                            lowering.world.at(givers.subjects.front()).name + "` to `" + written.to.text + "`",
                        {{lowering.world.at(channel.sentence).span, "its ends"}},
                        "declare one that does, or write `<->` where it goes both ways",
                        {}});
}

void lower_taking_back(Lowering& lowering, const Actors& takers, const ast::TakingBack& written, ModuleId module,
                       ir::SentenceId sentence) {
  const auto rights = handed_rights(lowering, written.rights);
  const auto holders = one_name(lowering, written.from, module);
  if (!rights) return;
  const auto objects = handed_objects(lowering, written.objects, rights->rights.plane, module);
  if (!objects) return;
  for (const ir::SubjectId by : takers.subjects) {
    for (const ir::SubjectId from : holders) {
      if (!lowering.spend(1 + objects->files.size() + objects->nets.size(), written.from.span)) return;
      auto when = lower_holds_condition(lowering, written.when, module, {{takers.name, by}, {written.from.text, from}});
      if (!when) return;
      lowering.world.revocations.push_back(
          {by, from, rights->rights.rights, rights->rights.plane, *objects, sentence, std::move(*when)});
    }
  }
}

const ast::CapabilityDecl& declaration(const Lowering& lowering, SymbolId symbol) {
  return std::get<ast::CapabilityDecl>(lowering.sentence_of(symbol).form);
}

/// Every right of the list is one that the capability has.
bool within(Lowering& lowering, const ast::CapabilityDecl& decl, const std::vector<ast::Name>& rights) {
  bool all = true;
  for (const ast::Name& right : rights) {
    const bool known = std::any_of(decl.rights.begin(), decl.rights.end(),
                                   [&](const ast::Name& one) { return one.text == right.text; });
    if (known) continue;
    all = false;
    lowering.sink.report({Code::BadDelegation,
                          right.span,
                          "capability `" + decl.name.text + "` has no right to `" + right.text + "`",
                          {{decl.name.span, "its rights are listed here"}},
                          "",
                          {}});
  }
  return all;
}

void lower_holding(Lowering& lowering, const ast::Holding& written, ModuleId module, ir::SentenceId sentence) {
  const auto holders = subjects_named(lowering, written.subject, module);
  const auto symbol = lowering.find(Space::Capabilities, written.capability, module);
  if (!symbol) return;
  const ast::CapabilityDecl& decl = declaration(lowering, *symbol);
  if (!within(lowering, decl, written.rights)) return;
  const auto rights = handed_rights(lowering, written.rights.empty() ? decl.rights : written.rights);
  if (!rights) return;
  const auto objects = handed_objects(lowering, decl.objects, rights->rights.plane, lowering.names.at(*symbol).module);
  if (!objects) return;
  for (const ir::SubjectId holder : holders) {
    if (!lowering.spend(1 + objects->files.size() + objects->nets.size(), written.capability.span)) return;
    lowering.world.holdings.push_back(
        {holder, rights->rights.rights, rights->onward, rights->rights.plane, *objects, sentence, decl.name.text});
  }
}

void lower_declassification(Lowering& lowering, const ast::Declassification& written, ModuleId module,
                            ir::SentenceId sentence) {
  const auto subjects = subjects_named(lowering, written.subject, module);
  const auto from = lowering.find(Space::Labels, written.from, module);
  const auto to = lowering.find(Space::Labels, written.to, module);
  const auto through = channel_named(lowering, written.through, module);
  if (!from || !to || !through) return;
  const ir::Channel& channel = lowering.world.at(*through);
  for (const ir::SubjectId by : subjects) {
    const bool sends = has(channel.from, by) || (channel.both_ways && has(channel.to, by));
    if (!sends) {
      lowering.sink.report({Code::BadFlow,
                            written.through.span,
                            "`" + lowering.world.at(by).name + "` does not speak over `" + channel.name + "`",
                            {{lowering.world.at(channel.sentence).span, "its ends"}},
                            "what is released goes out over a channel of the subject that releases it",
                            {}});
      return;
    }
    lowering.world.declassifications.push_back(
        {by, lowering.labels[from->index()], lowering.labels[to->index()], *through, sentence});
  }
}

void lower_trusted(Lowering& lowering, const ast::TrustedDecl& written, ModuleId module) {
  const auto subjects = one_name(lowering, written.subject, module);
  if (!written.follows) {
    lowering.error(Code::TrustedWithoutProtocol, written.subject.span,
                   "`" + written.subject.text + "` is trusted to follow nothing, so it is treated as an attacker",
                   "say what it does: `trusted " + written.subject.text + " follows Protocol;`");
  } else if (!lowering.find(Space::Models, *written.follows, module)) {
    return;
  }
  for (const ir::SubjectId subject : subjects) {
    ir::Subject& who = lowering.world.subjects[subject.index()];
    who.trusted = true;
    if (written.follows) who.follows = written.follows->text;
  }
}

}  // namespace

void lower_channels(Lowering& lowering) {
  const auto& symbols = lowering.names.symbols();
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    if (symbols[i].kind != Kind::Channel) continue;
    const ast::Sentence& sentence = lowering.sentence_of(SymbolId(i));
    const auto& decl = std::get<ast::ChannelDecl>(sentence.form);
    const auto from = end_of(lowering, decl.from, symbols[i].module);
    const auto to = end_of(lowering, decl.to, symbols[i].module);
    if (!from || !to) {
      // A device at an end: nothing here says what it does with what it is told.
      const auto is_subject = [&](const ast::Name& end) {
        return lowering.names.peek(Space::Subjects, end.text).has_value();
      };
      if (is_subject(decl.from) || is_subject(decl.to))
        lowering.unclear_channels.emplace_back(symbols[i].module, sentence.span);
      continue;
    }
    ir::Channel channel;
    channel.name = decl.name.text;
    channel.from = from->subjects;
    channel.to = to->subjects;
    channel.nets = to->subjects.empty() ? to->nets : from->nets;  // of the end that is the network
    channel.both_ways = decl.both_ways;
    channel.sentence = lowering.sentence(symbols[i].module, sentence.span);
    read_entries(decl, channel);
    lowering.channels[i] = ir::ChannelId(lowering.world.channels.size());
    lowering.world.channels.push_back(std::move(channel));
  }
}

void lower_authority(Lowering& lowering) {
  for (const Lowering::BodyDelegation& one : lowering.body_delegations) {
    if (lowering.world.at(one.giver).kind == ir::SubjectKind::Profile) continue;  // it hands over nothing by itself
    const ir::SentenceId sentence = lowering.sentence(one.module, one.span);
    const Actors giver{lowering.world.at(one.giver).name, {one.giver}};
    lower_delegation(lowering, giver, *one.delegation, one.module, sentence);
  }
  for (const Lowering::BodyTaking& one : lowering.body_takings) {
    if (lowering.world.at(one.taker).kind == ir::SubjectKind::Profile) continue;
    const Actors taker{lowering.world.at(one.taker).name, {one.taker}};
    lower_taking_back(lowering, taker, *one.taking, one.module, lowering.sentence(one.module, one.span));
  }
  for (std::size_t m = 0; m < lowering.modules.modules.size(); ++m) {
    const ModuleId module(m);
    for (const ast::Sentence& one : lowering.modules.modules[m].tree.sentences) {
      const auto sentence = [&] { return lowering.sentence(module, one.span); };
      if (const auto* decl = std::get_if<ast::CapabilityDecl>(&one.form)) {
        const auto rights = handed_rights(lowering, decl->rights);
        if (rights) handed_objects(lowering, decl->objects, rights->rights.plane, module);
      } else if (const auto* holds = std::get_if<ast::Holding>(&one.form)) {
        lower_holding(lowering, *holds, module, sentence());
      } else if (const auto* hand = std::get_if<ast::SubjectDelegation>(&one.form)) {
        const std::string name = hand->subject.name.text();
        lower_delegation(lowering, {name, subjects_named(lowering, hand->subject, module)}, hand->delegation, module,
                         sentence());
      } else if (const auto* take = std::get_if<ast::SubjectTakingBack>(&one.form)) {
        const std::string name = take->subject.name.text();
        lower_taking_back(lowering, {name, subjects_named(lowering, take->subject, module)}, take->taking, module,
                          sentence());
      } else if (const auto* down = std::get_if<ast::Declassification>(&one.form)) {
        lower_declassification(lowering, *down, module, sentence());
      } else if (const auto* trusted = std::get_if<ast::TrustedDecl>(&one.form)) {
        lower_trusted(lowering, *trusted, module);
      }
    }
  }
}

}  // namespace bulkhead::types

#include "lang/base/check.h"
#include "lang/expand/copy.h"
#include "lang/expand/protocol.h"
#include "lang/syntax/parser.h"

namespace bulkhead::expand {
namespace {

using diag::Code;

/// A name that the made model would give to two things, since its names are put together of those in the protocol.
std::optional<std::string> name_twice(const ast::ModelDecl& model) {
  std::set<std::string> types, values;
  for (const ast::ModelSentence& one : model.sentences) {
    if (const auto* sorts = std::get_if<ast::SortDecl>(&one.form)) {
      for (const ast::Name& name : sorts->names) {
        if (!types.insert(name.text).second) return name.text;
      }
    }
    const auto* kind = std::get_if<ast::EnumDecl>(&one.form);
    if (kind != nullptr && !types.insert(kind->name.text).second) return kind->name.text;
    const auto* function = std::get_if<ast::FunctionDecl>(&one.form);
    if (function != nullptr && !values.insert(function->name.text).second) return function->name.text;
  }
  std::set<std::string> rest;  // actions and properties
  for (const ast::ModelSentence& one : model.sentences) {
    const auto* property = std::get_if<ast::PropertyDecl>(&one.form);
    if (property != nullptr && !rest.insert(property->name.text).second) return property->name.text;
    const auto* action = std::get_if<ast::ActionDecl>(&one.form);
    if (action == nullptr) continue;
    if (!rest.insert(action->name.text).second) return action->name.text;
    for (const ast::Binding& parameter : action->parameters) {
      for (const ast::Name& name : parameter.names) {
        if (values.count(name.text) != 0) return name.text;
      }
    }
  }
  return std::nullopt;
}

class Protocols {
 public:
  Protocols(resolve::Modules& modules, source::SourceMap& sources, diag::DiagnosticSink& sink)
      : modules_(modules), sources_(sources), sink_(sink) {}

  void run() {
    collect();
    check_trusted();
    for (std::size_t m = 0; m < modules_.modules.size(); ++m) {
      for (std::size_t s = 0; s < modules_.modules[m].tree.sentences.size(); ++s) {
        ast::Sentence& sentence = modules_.modules[m].tree.sentences[s];
        const auto* protocol = std::get_if<ast::ProtocolDecl>(&sentence.form);
        if (protocol == nullptr) continue;
        auto model = model_of(resolve::ModuleId(m), *protocol);
        if (model) sentence.form = std::move(*model);
        modules_.incomplete = modules_.incomplete || !model;
      }
    }
  }

 private:
  struct Channel {
    std::size_t module = 0;
    const ast::ChannelDecl* decl = nullptr;
  };

  void collect() {
    for (std::size_t m = 0; m < modules_.modules.size(); ++m) {
      for (const ast::Sentence& sentence : modules_.modules[m].tree.sentences) {
        if (const auto* decl = std::get_if<ast::EnumDecl>(&sentence.form)) enums_.insert(decl->name.text);
        if (const auto* decl = std::get_if<ast::ChannelDecl>(&sentence.form)) {
          channels_.emplace(decl->name.text, Channel{m, decl});
        }
        if (const auto* decl = std::get_if<ast::ModelDecl>(&sentence.form)) models_.insert(decl->name.text);
        if (const auto* decl = std::get_if<ast::ProtocolDecl>(&sentence.form)) protocols_.insert(decl->name.text);
      }
    }
  }

  /// A model has no roles: that somebody follows one would say nothing of what they do, and take them for no attacker.
  void check_trusted() {
    for (const resolve::Module& module : modules_.modules) {
      for (const ast::Sentence& sentence : module.tree.sentences) {
        const auto* trusted = std::get_if<ast::TrustedDecl>(&sentence.form);
        if (trusted == nullptr || !trusted->follows) continue;
        const ast::Name& follows = *trusted->follows;
        if (models_.count(follows.text) == 0 || protocols_.count(follows.text) != 0) continue;
        sink_.report({diag::Code::UnknownName,
                      follows.span,
                      "`" + follows.text + "` is a model and no protocol",
                      {},
                      "name the protocol by which `" + trusted->subject.text + "` acts",
                      {}});
        modules_.incomplete = true;
      }
    }
  }

  std::optional<ast::ModelDecl> model_of(resolve::ModuleId module, const ast::ProtocolDecl& protocol) {
    ast::Module& tree = modules_.modules[module.index()].tree;
    const ast::ChannelDecl* channel = nullptr;
    if (protocol.channel) {
      const auto found = channels_.find(protocol.channel->text);
      if (found == channels_.end() || !modules_.sees[module.index()][found->second.module]) {
        if (!modules_.incomplete) {
          sink_.report({Code::UnknownName,
                        protocol.channel->span,
                        "there is no channel `" + protocol.channel->text + "`",
                        {},
                        "declare it: `channel " + protocol.channel->text +
                            ": A <-> B { ... }`; without `over` the wire "
                            "is the attacker's",
                        {}});
        }
        return std::nullopt;
      }
      channel = found->second.decl;
    }
    const auto facts = facts_of(protocol, tree, channel, enums_, sink_);
    if (!facts) return std::nullopt;
    if (channel != nullptr && !keeps_to(*facts, *channel, sink_)) return std::nullopt;
    if (channel != nullptr && !room_for(protocol, *facts, *channel)) return std::nullopt;
    return parsed(protocol, tree, model_text(*facts));
  }

  /// The exchanges of all protocols over one channel are on it at once.
  bool room_for(const ast::ProtocolDecl& protocol, const Facts& facts, const ast::ChannelDecl& channel) {
    if (!facts.channel_limit) return true;
    std::uint64_t& used = in_flight_[channel.name.text];
    used += facts.limit.value_or(0);
    if (used <= *facts.channel_limit) return true;
    sink_.report({Code::BadProtocol,
                  protocol.name.span,
                  "the protocols over `" + channel.name.text + "` have " + std::to_string(used) +
                      " in flight together, and the channel holds " + std::to_string(*facts.channel_limit),
                  {},
                  "limit each of them to a part of it",
                  {}});
    return false;
  }

  /// Steps are shown where they were written; what was made for them, as text of its own.
  std::optional<ast::ModelDecl> parsed(const ast::ProtocolDecl& protocol, ast::Module& tree, ModelText text) {
    const source::FileId file = sources_.add("protocol " + protocol.name.text, std::move(text.text));
    diag::DiagnosticList mistakes;
    const auto module = syntax::parse(sources_, file, mistakes);
    if (!module || mistakes.error_count() > 0) {
      // Names of the protocol that are words where the text needs names.
      sink_.report({Code::BadProtocol,
                    protocol.name.span,
                    "the names of this protocol do not make a model" +
                        (mistakes.all().empty() ? "" : ": " + mistakes.all().front().message),
                    {},
                    "rename its roles, states, messages or fields",
                    {}});
      return std::nullopt;
    }
    BH_CHECK(module->sentences.size() == 1, "a protocol is one model");
    const auto& written = std::get<ast::ModelDecl>(module->sentences.front().form);
    if (const auto twice = name_twice(written)) {
      sink_.report({Code::BadProtocol,
                    protocol.name.span,
                    "the names of this protocol do not make a model: `" + *twice + "` would be two things in it",
                    {},
                    "rename a role, a state, a message or a field",
                    {}});
      return std::nullopt;
    }
    ast::ModelDecl model;
    model.name = protocol.name;
    model.of_guards = {"no_deadlock"};
    std::size_t copied = 0;
    const Renaming nothing;
    Copy copy(*module, tree, nothing, copied);
    for (const ast::ModelSentence& sentence : written.sentences) {
      ast::ModelSentence made{sentence.span, sentence.doc, copy(sentence.form)};
      if (const auto* action = std::get_if<ast::ActionDecl>(&sentence.form)) {
        const auto place = text.actions.find(action->name.text);
        if (place != text.actions.end()) made.span = place->second;
      }
      model.sentences.push_back(std::move(made));
    }
    return model;
  }

  resolve::Modules& modules_;
  source::SourceMap& sources_;
  diag::DiagnosticSink& sink_;
  std::set<std::string> enums_;
  std::set<std::string> models_;  // as written: not those that protocols become
  std::set<std::string> protocols_;
  std::map<std::string, Channel> channels_;
  std::map<std::string, std::uint64_t> in_flight_;  // by channel
};

}  // namespace

void expand_protocols(resolve::Modules& modules, source::SourceMap& sources, diag::DiagnosticSink& sink) {
  Protocols(modules, sources, sink).run();
}

}  // namespace bulkhead::expand

#include "lang/base/check.h"
#include "lang/expand/copy.h"
#include "lang/expand/protocol.h"
#include "lang/syntax/parser.h"

namespace bulkhead::expand {
namespace {

using diag::Code;

class Protocols {
 public:
  Protocols(resolve::Modules& modules, source::SourceMap& sources, diag::DiagnosticSink& sink)
      : modules_(modules), sources_(sources), sink_(sink) {}

  void run() {
    collect();
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
  std::map<std::string, Channel> channels_;
  std::map<std::string, std::uint64_t> in_flight_;  // by channel
};

}  // namespace

void expand_protocols(resolve::Modules& modules, source::SourceMap& sources, diag::DiagnosticSink& sink) {
  Protocols(modules, sources, sink).run();
}

}  // namespace bulkhead::expand

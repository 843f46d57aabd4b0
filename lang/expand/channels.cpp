#include "lang/expand/channels.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "lang/base/check.h"
#include "lang/expand/splice.h"

namespace bulkhead::expand {
namespace {

using diag::Code;

const std::map<std::string, unsigned>& algorithms() {
  static const std::map<std::string, unsigned> table = {
#define BH_ALGORITHM(name, category) {#name, category},
#include "lang/expand/algorithms.def"
#undef BH_ALGORITHM
  };
  return table;
}

class Channels {
 public:
  Channels(resolve::Modules& modules, source::SourceMap& sources, diag::DiagnosticSink& sink)
      : modules_(modules), sources_(sources), sink_(sink) {}

  void run() {
    collect();
    for (std::size_t m = 0; m < modules_.modules.size(); ++m) {
      module_ = m;
      const std::size_t count = tree().sentences.size();  // models are added behind
      for (std::size_t s = 0; s < count; ++s) {
        if (std::holds_alternative<ast::ChannelDecl>(tree().sentences[s].form)) check(s);
        if (const auto* key = std::get_if<ast::KeyDecl>(&tree().sentences[s].form)) check_key(*key);
      }
      for (std::size_t s = 0; s < count; ++s) {
        if (auto* claim = std::get_if<ast::Claim>(&tree().sentences[s].form)) rewrite(*claim, s);
      }
    }
  }

 private:
  ast::Module& tree() { return modules_.modules[module_].tree; }
  void report(Code code, const ast::Span& span, std::string message, std::string help = "") {
    sink_.report({code, span, std::move(message), {}, std::move(help), {}});
  }
  void unknown(const ast::Name& name, const std::string& what, const std::set<std::string>& known, std::string help) {
    diag::Diagnostic found{Code::UnknownName, name.span, "there is no " + what + " `" + name.text + "`", {}, "", {}};
    found.help = std::move(help);
    if (const auto meant = diag::did_you_mean(name.text, {known.begin(), known.end()})) {
      found.help = "did you mean `" + *meant + "`?";
      found.fixes.push_back({name.span, *meant});
    }
    sink_.report(std::move(found));
  }

  void collect() {
    for (const resolve::Module& module : modules_.modules) {
      for (const ast::Sentence& sentence : module.tree.sentences) {
        if (const auto* d = std::get_if<ast::ContainerDecl>(&sentence.form)) containers_.insert(d->name.text);
        if (const auto* d = std::get_if<ast::PodDecl>(&sentence.form)) containers_.insert(d->name.text);
        if (const auto* d = std::get_if<ast::HostDecl>(&sentence.form)) ends_.insert(d->name.text);
        if (const auto* d = std::get_if<ast::NetDecl>(&sentence.form)) ends_.insert(d->name.text);
        if (const auto* d = std::get_if<ast::OpenContainerDecl>(&sentence.form)) containers_.insert(d->name.text);
        if (const auto* d = std::get_if<ast::SubjectDecl>(&sentence.form)) {
          for (const ast::Name& name : d->names) ends_.insert(name.text);
        }
      }
    }
    ends_.insert(containers_.begin(), containers_.end());
  }

  void check(std::size_t sentence) {
    const auto& channel = std::get<ast::ChannelDecl>(tree().sentences[sentence].form);
    for (const ast::Name* end : {&channel.from, &channel.to}) {
      if (ends_.count(end->text) != 0 || modules_.incomplete) continue;
      unknown(*end, "container, host, net, subject or device", ends_, "declare it: `subject " + end->text + ";`");
    }
    for (const ast::ChannelEntry& entry : channel.entries) {
      if (const auto* mediated = std::get_if<ast::Mediated>(&entry.form)) {
        if (mediated->by.text != "kernel") {
          report(Code::UnknownWord, mediated->by.span, "only the kernel is trusted to mediate", "write `kernel`");
        }
      }
      const auto* protect = std::get_if<ast::Protect>(&entry.form);
      if (protect != nullptr) check_words(channel, *protect);
      for (std::size_t i = 0; protect != nullptr && i < protect->with.size(); ++i) check_algorithm(protect->with[i]);
    }
    const bool first = channels_.emplace(channel.name.text, std::pair{module_, sentence}).second;
    if (!first) report(Code::DuplicateName, channel.name.span, "`" + channel.name.text + "` is declared twice");
  }

  void check_algorithm(const ast::Name& written) {
    if (algorithms().count(written.text) != 0) return;
    std::set<std::string> known;
    for (const auto& [name, category] : algorithms()) known.insert(name);
    unknown(written, "algorithm", known, "lang/expand/algorithms.def lists those that are known");
  }

  /// What is no single word is reported where keys are lowered.
  void check_key(const ast::KeyDecl& key) {
    for (const ast::Property& property : key.properties) {
      const auto* path = std::get_if<ast::Path>(&tree().at(property.value).value);
      if (property.name.text == "alg" && path != nullptr && path->simple()) check_algorithm(path->parts.front());
    }
  }

  void check_words(const ast::ChannelDecl& channel, const ast::Protect& protect) {
    static const std::set<std::string> words = {"integrity", "confidentiality", "freshness"};
    for (const ast::Name& what : protect.what) {
      if (words.count(what.text) == 0) unknown(what, "protection", words, "integrity, confidentiality or freshness");
      if (what.text == "freshness" && !protects_integrity(channel)) {
        report(Code::BadProtocol, what.span, "what can be altered can be made to look new", "add `integrity`");
      }
    }
  }

  static bool protects_integrity(const ast::ChannelDecl& channel) {
    for (const ast::ChannelEntry& entry : channel.entries) {
      if (std::holds_alternative<ast::Mediated>(entry.form)) return true;
      const auto* protect = std::get_if<ast::Protect>(&entry.form);
      for (std::size_t i = 0; protect != nullptr && i < protect->what.size(); ++i) {
        if (protect->what[i].text == "integrity") return true;
      }
    }
    return false;
  }

  void rewrite(const ast::Claim& claim, std::size_t sentence) {
    const auto* strength = std::get_if<ast::StrengthClaim>(&claim.form);
    if (strength == nullptr) return;
    auto form = strength_claim(*strength, claim.form_span, sentence);
    if (form) std::get<ast::Claim>(tree().sentences[sentence].form).form = std::move(*form);
    modules_.incomplete = modules_.incomplete || !form;
  }

  bool selected(const ast::StrengthClaim& claim, const ast::ChannelDecl& decl) const {
    using Which = ast::StrengthClaim::Which;
    switch (claim.which) {
      case Which::All:
        return true;
      case Which::BetweenContainers:
        return containers_.count(decl.from.text) != 0 && containers_.count(decl.to.text) != 0;
      case Which::To:
        return decl.to.text == claim.name->text || (decl.both_ways && decl.from.text == claim.name->text);
      case Which::Unmediated:
        for (const ast::ChannelEntry& entry : decl.entries) {
          const auto* mediated = std::get_if<ast::Mediated>(&entry.form);
          if (mediated != nullptr && mediated->by.text == claim.name->text) return false;
        }
        return true;
    }
    BH_CHECK(false, "an unknown set of channels");
  }

  /// The weakest algorithm of all its clauses; without one the channel resists nobody.
  static unsigned strength(const ast::ChannelDecl& decl) {
    std::optional<unsigned> weakest;
    for (const ast::ChannelEntry& entry : decl.entries) {
      const auto* protect = std::get_if<ast::Protect>(&entry.form);
      for (std::size_t i = 0; protect != nullptr && i < protect->with.size(); ++i) {
        const auto found = algorithms().find(protect->with[i].text);
        const unsigned category = found == algorithms().end() ? 0 : found->second;
        weakest = std::min(weakest.value_or(category), category);
      }
    }
    return weakest.value_or(0);
  }

  /// By value: the model is added to the sentences in which the claim stands.
  // NOLINTNEXTLINE(performance-unnecessary-value-param): as the comment says
  std::optional<ast::ClaimForm> strength_claim(const ast::StrengthClaim claim, const ast::Span span,
                                               std::size_t sentence) {
    if (!claim.category.plain_integer() || claim.category.whole < 1 || claim.category.whole > 5) {
      report(Code::QuantityOutOfRange, claim.category.span, "categories are 1 to 5");
      return std::nullopt;
    }
    if (claim.name && claim.which == ast::StrengthClaim::Which::To && ends_.count(claim.name->text) == 0) {
      unknown(*claim.name, "end of a channel", ends_, "");
      return std::nullopt;
    }
    std::string members;
    std::map<unsigned, std::string> by_strength;
    for (const resolve::Module& module : modules_.modules) {  // all of the policy's, imported by this module or not
      for (const ast::Sentence& one : module.tree.sentences) {
        const auto* decl = std::get_if<ast::ChannelDecl>(&one.form);
        if (decl == nullptr || !selected(claim, *decl)) continue;
        members += (members.empty() ? "" : ", ") + decl->name.text;
        std::string& equals = by_strength[strength(*decl)];
        equals += (equals.empty() ? "Channel." : ", Channel.") + decl->name.text;
      }
    }
    if (members.empty()) {
      report(Code::BadProtocol, span, "there is no such channel: this claims nothing", "declare the channels");
      return std::nullopt;
    }
    const std::string name = "Channels_" + std::to_string(module_) + "_" + std::to_string(sentence);
    std::string values;
    for (const auto& [category, channels] : by_strength) {
      values += "if c in { " + channels + " } then " + std::to_string(category) + " else ";
    }
    const auto model = read_text(
        sources_, "channels",
        "model " + name + " {\n    enum Channel { " + members + " }\n    const channel: Channel;\n" +
            "    define strength(c: Channel) = " + values +
            "0;\n    invariant strong: strength(channel) >= " + std::to_string(claim.category.whole) + ";\n}\n");
    if (!model) {
      report(Code::PolicyTooLarge, span, "these are more channels than one claim takes on", "claim it of some of them");
      return std::nullopt;
    }
    add_model(*model, tree());
    return ast::TheoremClaim{{{{name, span}, {"strong", span}}, span}, {}};
  }

  resolve::Modules& modules_;
  source::SourceMap& sources_;
  diag::DiagnosticSink& sink_;
  std::set<std::string> containers_;
  std::set<std::string> ends_;
  std::map<std::string, std::pair<std::size_t, std::size_t>> channels_;
  std::size_t module_ = 0;
};

}  // namespace

void expand_channels(resolve::Modules& modules, source::SourceMap& sources, diag::DiagnosticSink& sink) {
  Channels(modules, sources, sink).run();
}

}  // namespace bulkhead::expand

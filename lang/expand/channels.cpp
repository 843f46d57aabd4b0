#include "lang/expand/channels.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "lang/base/check.h"
#include "lang/expand/algorithms.h"
#include "lang/expand/copy.h"
#include "lang/expand/ends.h"
#include "lang/expand/splice.h"

namespace bulkhead::expand {
namespace {

using diag::Code;

constexpr std::uint64_t kMaxLimit = 1'000'000;

class Channels {
 public:
  Channels(resolve::Modules& modules, source::SourceMap& sources, diag::DiagnosticSink& sink)
      : modules_(modules), sources_(sources), sink_(sink), ends_(modules) {}

  void run() {
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

  void check(std::size_t sentence) {
    const auto& channel = std::get<ast::ChannelDecl>(tree().sentences[sentence].form);
    for (const ast::Name* end : {&channel.from, &channel.to}) {
      if (ends_.known(end->text) || modules_.incomplete) continue;
      unknown(*end, "container, host, net, subject or device", ends_.names(),
              "declare it: `subject " + end->text + ";`");
    }
    check_limits(channel);
    for (const ast::ChannelEntry& entry : channel.entries) {
      if (const auto* mediated = std::get_if<ast::Mediated>(&entry.form)) {
        if (mediated->by.text != "kernel") {
          report(Code::UnknownWord, mediated->by.span, "only the kernel is trusted to mediate", "write `kernel`");
        }
        check_mediated(channel, *mediated);
      }
      const auto* protect = std::get_if<ast::Protect>(&entry.form);
      if (protect != nullptr) check_words(channel, *protect);
      if (protect != nullptr) check_purposes(*protect);
      for (std::size_t i = 0; protect != nullptr && i < protect->with.size(); ++i) check_algorithm(protect->with[i]);
    }
    const bool first = channels_.emplace(channel.name.text, std::pair{module_, sentence}).second;
    if (!first) report(Code::DuplicateName, channel.name.span, "`" + channel.name.text + "` is declared twice");
  }

  /// So many in flight, so many a second: each is said once, and is a number of messages.
  void check_limits(const ast::ChannelDecl& channel) {
    const ast::Number* said[2] = {nullptr, nullptr};
    for (const ast::ChannelEntry& entry : channel.entries) {
      const auto* limits = std::get_if<ast::ChannelLimits>(&entry.form);
      for (std::size_t i = 0; limits != nullptr && i < limits->limits.size(); ++i) {
        const auto& [number, in_flight] = limits->limits[i];
        if (number.unit != ast::Unit::None || number.per_second == in_flight) {
          report(Code::WrongUnit, number.span, "this is no limit of a channel", "write `64 in flight` or `1000 /s`");
        } else if (number.negative || number.millionths != 0 || number.whole == 0 || number.whole > kMaxLimit) {
          report(Code::QuantityOutOfRange, number.span, "a limit is a number from 1 to " + std::to_string(kMaxLimit));
        }
        const ast::Number*& other = said[in_flight ? 0 : 1];
        if (other != nullptr) {
          sink_.report({Code::BadProtocol,
                        number.span,
                        "there is a limit of this kind already",
                        {{other->span, "the other one"}},
                        "leave one of the two",
                        {}});
        }
        other = &number;
      }
    }
  }

  void check_algorithm(const ast::Name& written) {
    if (algorithms().count(written.text) != 0) return;
    std::set<std::string> known;
    for (const auto& [name, algorithm] : algorithms()) known.insert(name);
    unknown(written, "algorithm", known, "lang/expand/algorithms.def lists those that are known");
  }

  /// What is no single word is reported where keys are lowered.
  void check_key(const ast::KeyDecl& key) {
    for (const ast::Property& property : key.properties) {
      const auto* path = std::get_if<ast::Path>(&tree().at(property.value).value);
      if (property.name.text == "alg" && path != nullptr && path->simple()) check_algorithm(path->parts.front());
    }
  }

  /// What leaves the machine passes through wires that no kernel of this machine sees.
  void check_mediated(const ast::ChannelDecl& channel, const ast::Mediated& mediated) {
    for (const ast::Name* end : {&channel.from, &channel.to}) {
      if (!ends_.is_net(end->text)) continue;
      sink_.report({Code::BadProtocol,
                    mediated.by.span,
                    "`" + channel.name.text + "` leaves the machine: no kernel mediates what others carry",
                    {{end->span, "`" + end->text + "` is a net"}},
                    "say what protects it: `protect integrity, confidentiality with ...`",
                    {}});
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

  /// Each word of a clause needs an algorithm of the same clause that can keep it. Where a key is agreed on to hide
  /// something, authenticated encryption with it is meant.
  void check_purposes(const ast::Protect& protect) {
    unsigned given = 0;
    for (const ast::Name& with : protect.with) {
      const auto found = algorithms().find(with.text);
      if (found == algorithms().end()) return;
      given |= found->second.purposes;
    }
    const bool hides = std::any_of(protect.what.begin(), protect.what.end(),
                                   [](const ast::Name& what) { return what.text == "confidentiality"; });
    if (hides && (given & kAgreement) != 0) given |= kCipher;  // what the agreed key is for
    for (const ast::Name& what : protect.what) {
      const unsigned needed = needed_for(what.text);
      if (needed == 0 || (needed & given) != 0) continue;
      report(Code::BadProtocol, what.span, "no algorithm of this clause protects " + what.text,
             (needed & kSignature) != 0 ? "add a signature or a cipher, such as `ml_dsa_87` or `aes_256_gcm`"
                                        : "add a cipher or a key agreement, such as `aes_256_gcm` or `ml_kem_1024`");
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
        return ends_.has_container(decl.from.text) && ends_.has_container(decl.to.text);
      case Which::To:
        return ends_.meet(decl.to.text, claim.name->text) ||
               (decl.both_ways && ends_.meet(decl.from.text, claim.name->text));
      case Which::Unmediated:
        return !mediated(decl, claim.name->text);
    }
    BH_CHECK(false, "an unknown set of channels");
  }

  /// Never where an end is a net, whatever was written.
  bool mediated(const ast::ChannelDecl& decl, const std::string& by) const {
    if (ends_.is_net(decl.from.text) || ends_.is_net(decl.to.text)) return false;
    return std::any_of(decl.entries.begin(), decl.entries.end(), [&](const ast::ChannelEntry& entry) {
      const auto* mediated = std::get_if<ast::Mediated>(&entry.form);
      return mediated != nullptr && mediated->by.text == by;
    });
  }

  /// The weakest algorithm of all its clauses, and where it stands; without one the channel resists nobody.
  struct Weakest {
    std::string algorithm = "nothing";
    unsigned category = 0;
    ast::Span span;
  };
  static Weakest weakest(const ast::ChannelDecl& decl, const ast::Span& span) {
    std::optional<Weakest> found;
    for (const ast::ChannelEntry& entry : decl.entries) {
      const auto* protect = std::get_if<ast::Protect>(&entry.form);
      for (std::size_t i = 0; protect != nullptr && i < protect->with.size(); ++i) {
        const auto known = algorithms().find(protect->with[i].text);
        if (known == algorithms().end()) return {"nothing", 0, entry.span};
        const unsigned category = known->second.category;
        if (!found || category < found->category) found = Weakest{known->first, category, entry.span};
      }
    }
    return found.value_or(Weakest{"nothing", 0, span});
  }

  /// By value: the model is added to the sentences in which the claim stands.
  // NOLINTNEXTLINE(performance-unnecessary-value-param): as the comment says
  std::optional<ast::ClaimForm> strength_claim(const ast::StrengthClaim claim, const ast::Span span,
                                               std::size_t sentence) {
    if (!claim.category.plain_integer() || claim.category.whole < 1 || claim.category.whole > 5) {
      report(Code::QuantityOutOfRange, claim.category.span, "categories are 1 to 5");
      return std::nullopt;
    }
    if (claim.name && claim.which == ast::StrengthClaim::Which::To && !ends_.known(claim.name->text)) {
      unknown(*claim.name, "end of a channel", ends_.names(), "");
      return std::nullopt;
    }
    if (claim.name) modules_.claimed_ends.insert(claim.name->text);
    std::map<std::string, unsigned> used;     // algorithm -> category
    std::map<std::string, ast::Span> places;  // of the actions
    std::string actions;
    for (const resolve::Module& module : modules_.modules) {  // all of the policy's, imported by this module or not
      for (const ast::Sentence& one : module.tree.sentences) {
        const auto* decl = std::get_if<ast::ChannelDecl>(&one.form);
        if (decl == nullptr || !selected(claim, *decl)) continue;
        const Weakest found = weakest(*decl, one.span);
        const std::string action = decl->name.text + "_uses_" + found.algorithm;
        if (!places.emplace(action, found.span).second) continue;  // declared twice: reported
        used.emplace(found.algorithm, found.category);
        actions += "    action " + action + "() do weakest := Algorithm." + found.algorithm + ";\n";
      }
    }
    if (places.empty()) {
      report(Code::BadProtocol, span, "there is no such channel: this claims nothing", "declare the channels");
      return std::nullopt;
    }
    const std::string name = "Channels_" + std::to_string(module_) + "_" + std::to_string(sentence);
    const std::string wanted = std::to_string(claim.category.whole);
    if (!add_strength_model(strength_model(name, used, actions, wanted), places)) {
      report(Code::PolicyTooLarge, span, "these are more channels than one claim takes on", "claim it of some of them");
      return std::nullopt;
    }
    return ast::TheoremClaim{{{{name, span}, {"strong", span}}, span}, {}};
  }

  /// One action for each channel, so that a run shows which one is too weak, by what, and where that is written.
  static std::string strength_model(const std::string& name, const std::map<std::string, unsigned>& used,
                                    const std::string& actions, const std::string& wanted) {
    std::string members = "not_asked_yet";
    std::string values;
    for (const auto& [algorithm, category] : used) {
      members += ", " + algorithm;
      values += "if a == Algorithm." + algorithm + " then " + std::to_string(category) + " else ";
    }
    return "model " + name + " {\n    enum Algorithm { " + members +
           " }\n    define strength(a: Algorithm) = " + values + wanted +
           ";\n    var weakest: Algorithm = Algorithm.not_asked_yet;\n" + actions +
           "    invariant strong: strength(weakest) >= " + wanted + ";\n}\n";
  }

  /// `places`: where an action was written, by its name.
  bool add_strength_model(std::string text, const std::map<std::string, ast::Span>& places) {
    const auto module = read_text(sources_, "channels", std::move(text));
    if (!module) return false;
    const auto& written = std::get<ast::ModelDecl>(module->sentences.front().form);
    ast::ModelDecl model;
    model.name = written.name;
    std::size_t copied = 0;
    const Renaming nothing;
    Copy copy(*module, tree(), nothing, copied);
    for (const ast::ModelSentence& one : written.sentences) {
      ast::ModelSentence made{one.span, one.doc, copy(one.form)};
      if (const auto* action = std::get_if<ast::ActionDecl>(&one.form)) made.span = places.at(action->name.text);
      model.sentences.push_back(std::move(made));
    }
    tree().sentences.push_back({module->sentences.front().span, "", std::move(model)});
    return true;
  }

  resolve::Modules& modules_;
  source::SourceMap& sources_;
  diag::DiagnosticSink& sink_;
  const Ends ends_;
  std::map<std::string, std::pair<std::size_t, std::size_t>> channels_;
  std::size_t module_ = 0;
};

}  // namespace

void expand_channels(resolve::Modules& modules, source::SourceMap& sources, diag::DiagnosticSink& sink) {
  Channels(modules, sources, sink).run();
}

}  // namespace bulkhead::expand

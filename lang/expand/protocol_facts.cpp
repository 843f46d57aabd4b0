#include <algorithm>
#include <cctype>

#include "lang/expand/protocol.h"

namespace bulkhead::expand {
namespace {

using diag::Code;
using Act = ast::Alternative::Act;

std::string capitalised(std::string word) {
  word[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(word[0])));
  return word;
}

class FactsOf {
 public:
  FactsOf(const ast::ProtocolDecl& decl, const ast::Module& tree, const std::set<std::string>& enums,
          diag::DiagnosticSink& sink)
      : enums_(enums), sink_(sink) {
    facts_.decl = &decl;
    facts_.tree = &tree;
    facts_.roles[0].name = decl.first.text;
    facts_.roles[1].name = decl.second.text;
  }

  std::optional<Facts> run(const ast::ChannelDecl* channel) {
    const ast::ProtocolDecl& decl = *facts_.decl;
    if (decl.first.text == decl.second.text) bad(decl.second.span, "the two roles have one name");
    read_messages();
    read_fields();
    read_steps();
    if (failed_) return std::nullopt;
    check_session();
    check_knowledge();
    find_opener();
    read_limit(channel);
    if (channel != nullptr) facts_.wire = wire_of(*channel);
    if (failed_) return std::nullopt;
    return std::move(facts_);
  }

 private:
  void bad(const ast::Span& span, std::string message, std::string help = "") {
    sink_.report({Code::BadProtocol, span, std::move(message), {}, std::move(help), {}});
    failed_ = true;
  }
  void unknown(const ast::Name& name, const std::string& what, const std::vector<std::string>& known) {
    diag::Diagnostic report{Code::UnknownName, name.span, "there is no " + what + " `" + name.text + "`", {}, "", {}};
    if (const auto meant = diag::did_you_mean(name.text, known)) {
      report.help = "did you mean `" + *meant + "`?";
      report.fixes.push_back({name.span, *meant});
    }
    sink_.report(std::move(report));
    failed_ = true;
  }
  template <typename Map>
  static std::vector<std::string> keys(const Map& map) {
    std::vector<std::string> all;
    for (const auto& [key, value] : map) all.push_back(key);
    return all;
  }

  void read_messages() {
    for (const ast::ProtocolSentence& sentence : facts_.decl->sentences) {
      const auto* decl = std::get_if<ast::MessageDecl>(&sentence.form);
      if (decl == nullptr) continue;
      Message message{decl, {}, {}, 2};
      std::set<std::string> seen;
      for (const ast::MessageDecl::Field& field : decl->fields) {
        if (!seen.insert(field.name.text).second) bad(field.name.span, "`" + field.name.text + "` is a field twice");
        message.fields.push_back(field.name.text);
        if (field.fresh) message.makes.insert(field.name.text);
      }
      if (decl->fields.empty()) bad(decl->name.span, "a message without fields says nothing", "give it a field");
      if (!facts_.messages.emplace(decl->name.text, std::move(message)).second) {
        bad(decl->name.span, "`" + decl->name.text + "` is a message twice");
      }
    }
  }

  /// One type for each name of a field, whichever message says it.
  void read_fields() {
    std::set<std::string> fresh_types;
    for (const auto& [name, message] : facts_.messages) {
      for (const ast::MessageDecl::Field& field : message.decl->fields) {
        if (!field.fresh && !field.type) continue;
        const std::string type = field.fresh ? capitalised(field.name.text) : type_of(*field.type);
        if (field.fresh) fresh_types.insert(type);
        const auto [known, first] = facts_.fields.emplace(field.name.text, Field{type, field.fresh});
        if (first) continue;
        if (field.fresh) bad(field.span, "`" + field.name.text + "` gets its value in another message already");
        if (known->second.type != type || known->second.fresh) {
          bad(field.span, "`" + field.name.text + "` has another type in another message");
        }
      }
    }
    for (const auto& [name, message] : facts_.messages) {
      for (const ast::MessageDecl::Field& field : message.decl->fields) {
        if (facts_.fields.count(field.name.text) != 0) continue;
        bad(field.span, "no message says what `" + field.name.text + "` is",
            "write `" + field.name.text + ": fresh;` or `" + field.name.text + ": TYPE;` in one of them");
      }
    }
    for (const auto& [name, field] : facts_.fields) {
      if (field.type == "bool" || enums_.count(field.type) != 0) continue;
      facts_.sorts.insert(field.type);
      if (!field.fresh && fresh_types.count(field.type) != 0) {
        bad(facts_.decl->name.span, "`" + field.type + "` is a type, and the type of a fresh field",
            "rename the field");
      }
    }
  }

  /// Values are only compared here, so that those of a word are a set like any other.
  static std::string type_of(const ast::Name& type) {
    static const std::map<std::string, std::string> words = {
        {"u8", "Word8"}, {"u16", "Word16"}, {"u32", "Word32"}, {"u64", "Word64"}, {"int", "Integer"}};
    const auto found = words.find(type.text);
    return found == words.end() ? type.text : found->second;
  }

  void read_steps() {
    for (const ast::ProtocolSentence& sentence : facts_.decl->sentences) {
      const auto* step = std::get_if<ast::StepDecl>(&sentence.form);
      if (step == nullptr) continue;
      const std::size_t r = step->role.text == facts_.roles[0].name ? 0 : 1;
      if (step->role.text != facts_.roles[r].name) {
        unknown(step->role, "role", {facts_.roles[0].name, facts_.roles[1].name});
        continue;
      }
      Role& role = facts_.roles[r];
      if (!role.steps.emplace(step->state.text, step).second) {
        bad(step->state.span, "`" + step->state.text + "` is a state of `" + role.name + "` twice",
            "join the alternatives with `|`");
      }
      add_state(role, step->state.text);
      for (const ast::Alternative& one : step->alternatives) read_alternative(r, one);
    }
    for (Role& role : facts_.roles) {
      for (const auto& [state, step] : role.steps) {
        for (const ast::Alternative& one : step->alternatives) add_state(role, one.next.text);
      }
      if (role.steps.empty()) bad(facts_.decl->name.span, "`" + role.name + "` has no steps");
    }
  }

  static void add_state(Role& role, const std::string& state) {
    if (std::find(role.states.begin(), role.states.end(), state) == role.states.end()) role.states.push_back(state);
  }

  void read_alternative(std::size_t role, const ast::Alternative& one) {
    if (one.after) check_duration(*one.after);
    if (!one.message) return;
    const auto found = facts_.messages.find(one.message->text);
    if (found == facts_.messages.end()) return unknown(*one.message, "message", keys(facts_.messages));
    Message& message = found->second;
    const std::size_t sender = one.act == Act::Send ? role : 1 - role;
    if (message.sender != 2 && message.sender != sender) {
      bad(one.message->span, "`" + one.message->text + "` goes both ways", "give each direction a message of its own");
    }
    message.sender = sender;
    for (const ast::Name& field : one.same) {
      const bool carried = std::find(message.fields.begin(), message.fields.end(), field.text) != message.fields.end();
      if (!carried) unknown(field, "field of `" + one.message->text + "`", message.fields);
      if (!is_session(field.text)) facts_.roles[role].remembered.insert(field.text);
    }
  }

  void check_duration(const ast::Number& after) {
    const bool timed = after.unit >= ast::Unit::Millisecond && !after.per_second;
    if (timed && !after.negative) return;
    sink_.report({timed ? Code::QuantityOutOfRange : Code::WrongUnit,
                  after.span,
                  timed ? "nobody waits for less than no time" : "what is waited for is a duration, and this is none",
                  {},
                  "a duration has the unit ms, s, min or h",
                  {}});
    failed_ = true;
  }

  bool is_session(const std::string& field) const {
    return facts_.decl->session && facts_.decl->session->text == field;
  }

  /// Each role has one run for each value of the session's field: every message says to which it belongs.
  void check_session() {
    const auto& session = facts_.decl->session;
    if (!session) return;
    const auto field = facts_.fields.find(session->text);
    if (field == facts_.fields.end()) return unknown(*session, "field", keys(facts_.fields));
    if (!field->second.fresh) {
      return bad(session->span, "the value of `" + session->text + "` is not new in each session",
                 "declare it `fresh` in the message that opens a session");
    }
    for (const auto& [name, message] : facts_.messages) {
      const bool carried =
          std::find(message.fields.begin(), message.fields.end(), session->text) != message.fields.end();
      if (!carried) {
        bad(message.decl->name.span, "`" + name + "` does not say to which session it belongs",
            "add the field `" + session->text + ";`");
      }
      if (message.makes.count(session->text) == 0 || message.sender == 2) continue;
      check_opening(name, message.sender);
    }
  }

  void check_opening(const std::string& message, std::size_t sender) {
    for (const auto& [state, step] : facts_.roles[sender].steps) {
      for (const ast::Alternative& one : step->alternatives) {
        const bool opens = one.act == Act::Send && one.message->text == message;
        if (opens && !facts_.begins(sender, state)) {
          bad(one.span, "a session is opened in the middle of another one",
              "send `" + message + "` from the first state");
        }
        if (facts_.begins(sender, one.next.text)) {
          bad(one.span,
              "`" + facts_.roles[sender].name + "` would open a session with the same `" + facts_.decl->session->text +
                  "` again",
              "end in a state of its own: the next session is another run");
        }
      }
    }
  }

  /// `with same f` needs a run that knows `f` on every way to its state.
  void check_knowledge() {
    for (std::size_t r = 0; r < 2; ++r) {
      const Role& role = facts_.roles[r];
      std::map<std::string, std::set<std::string>> known;  // by state; missing: not reached yet
      known[role.states.front()] = {};
      for (bool changed = true; changed;) {
        changed = false;
        for (const auto& [state, step] : role.steps) {
          if (known.count(state) == 0) continue;
          for (const ast::Alternative& one : step->alternatives) {
            std::set<std::string> after = known[state];
            if (one.message && one.act != Act::Refuse) {
              const auto& fields = facts_.messages.at(one.message->text).fields;
              after.insert(fields.begin(), fields.end());
            }
            const auto [at, fresh] = known.emplace(one.next.text, after);
            std::set<std::string> both;
            for (const std::string& f : at->second) {
              if (after.count(f) != 0) both.insert(f);
            }
            changed = changed || fresh || both != at->second;
            at->second = std::move(both);
          }
        }
      }
      for (const auto& [state, step] : role.steps) {
        for (const ast::Alternative& one : step->alternatives) check_alternative(r, state, one, known[state]);
      }
    }
  }

  void check_alternative(std::size_t role, const std::string& state, const ast::Alternative& one,
                         const std::set<std::string>& known) {
    for (const ast::Name& field : one.same) {
      if (known.count(field.text) != 0 || is_session(field.text)) continue;
      bad(field.span,
          "`" + facts_.roles[role].name + "` may not know a value of `" + field.text + "` in `" + state + "`");
    }
    if (one.act == Act::Send) {
      const Message& message = facts_.messages.at(one.message->text);
      for (const std::string& field : message.fields) {
        const bool same = std::any_of(one.same.begin(), one.same.end(), [&](const auto& f) { return f.text == field; });
        if (!facts_.fields.at(field).fresh || message.makes.count(field) != 0 || same || is_session(field)) continue;
        bad(one.span, "this does not say which `" + field + "` is sent", "write `with same " + field + "`");
      }
    }
    if (one.when) check_requirements(role, one, known);
  }

  void check_requirements(std::size_t role, const ast::Alternative& one, const std::set<std::string>& known) {
    for (std::vector<ast::ExprId> open{*one.when}; !open.empty();) {
      const ast::Expr& expr = facts_.tree->at(open.back());
      open.pop_back();
      using Kind = ast::ExprKind;
      if (expr.kind == Kind::And || expr.kind == Kind::Not) {
        open.insert(open.end(), expr.args.begin(), expr.args.end());
        continue;
      }
      const bool holds = expr.kind == Kind::Holds && expr.args.size() == 3;
      if (!holds && expr.kind != Kind::Equal && expr.kind != Kind::NotEqual) {
        bad(expr.span, "a step cannot ask for this", "write `ROLE holds RIGHT on FIELD`, `FIELD == FIELD` or `!=`");
        continue;
      }
      if (holds && name_of(expr.args[0]) != facts_.roles[role].name) {
        bad(facts_.tree->at(expr.args[0]).span, "this is a step of `" + facts_.roles[role].name + "`",
            "a role knows what it holds itself");
      }
      std::vector<ast::ExprId> values(expr.args.begin() + (holds ? 2 : 0), expr.args.end());
      for (const ast::ExprId id : values) check_value(role, one, known, id);
      const auto a = facts_.fields.find(name_of(values.front()));
      const auto b = facts_.fields.find(name_of(values.back()));
      if (a != facts_.fields.end() && b != facts_.fields.end() && a->second.type != b->second.type) {
        bad(expr.span, "the two fields are of different types");
      }
    }
  }

  void check_value(std::size_t role, const ast::Alternative& one, const std::set<std::string>& known, ast::ExprId id) {
    const std::string name = name_of(id);
    if (facts_.fields.count(name) == 0) {
      return unknown({name, facts_.tree->at(id).span}, "field", keys(facts_.fields));
    }
    bool carried = false;
    if (one.message) {
      const auto& fields = facts_.messages.at(one.message->text).fields;
      carried = std::find(fields.begin(), fields.end(), name) != fields.end();
    }
    if (carried || is_session(name)) return;
    if (known.count(name) == 0) {
      return bad(facts_.tree->at(id).span,
                 "`" + facts_.roles[role].name + "` may not know a value of `" + name + "` here");
    }
    facts_.roles[role].remembered.insert(name);
  }

  std::string name_of(ast::ExprId id) const {
    const auto* path = std::get_if<ast::Path>(&facts_.tree->at(id).value);
    return path == nullptr ? "" : path->text();
  }

  void find_opener() {
    std::size_t openers = 0;
    for (std::size_t r = 0; r < 2; ++r) {
      const auto first = facts_.roles[r].steps.find(facts_.roles[r].states.front());
      const auto& all = first->second->alternatives;
      const bool sends = std::any_of(all.begin(), all.end(), [](const auto& one) { return one.act == Act::Send; });
      if (sends) facts_.opener = r;
      openers += sends;
    }
    if (openers != 1) facts_.opener = 2;
  }

  void read_limit(const ast::ChannelDecl* channel) {
    std::optional<ast::Number> found;
    for (const ast::ProtocolSentence& sentence : facts_.decl->sentences) {
      const auto* limit = std::get_if<ast::FlightLimit>(&sentence.form);
      if (limit == nullptr) continue;
      if (found) bad(sentence.span, "there is a limit already");
      found = limit->count;
      facts_.limit = facts_.bound = limit->count.whole;
      check_count(limit->count);
    }
    if (channel != nullptr) facts_.channel_limit = room_of(*channel);
    if (!facts_.limit) facts_.bound = facts_.channel_limit;
    if (facts_.bound && facts_.opener == 2) {
      bad(found ? found->span : facts_.decl->name.span, "no single role opens the exchanges that this would limit",
          "let exactly one role begin by sending");
    } else if (facts_.bound) {
      check_counted();
    }
  }

  /// What is over as soon as it is opened is never under way, and so is not counted. Nothing is claimed of a channel's
  /// limit then.
  void check_counted() {
    for (const auto& [state, step] : facts_.roles[facts_.opener].steps) {
      for (const ast::Alternative& one : step->alternatives) {
        const bool counted = facts_.middle(facts_.opener, state) || facts_.middle(facts_.opener, one.next.text);
        if (one.act != Act::Send || counted) continue;
        facts_.bound.reset();
        if (!facts_.limit) continue;
        bad(one.span, "this exchange is over as soon as it is opened, so that no limit counts it",
            "let it wait in a state of its own, or leave the limit out");
      }
    }
  }

  void check_count(const ast::Number& number) {
    if (number.plain_integer() && !number.negative && number.whole > 0 && number.whole <= 1'000'000) return;
    bad(number.span, "a limit is a number from 1 to 1000000");
  }

  const std::set<std::string>& enums_;
  diag::DiagnosticSink& sink_;
  Facts facts_;
  bool failed_ = false;
};

}  // namespace

std::optional<Facts> facts_of(const ast::ProtocolDecl& decl, const ast::Module& tree, const ast::ChannelDecl* channel,
                              const std::set<std::string>& enums, diag::DiagnosticSink& sink) {
  return FactsOf(decl, tree, enums, sink).run(channel);
}

}  // namespace bulkhead::expand

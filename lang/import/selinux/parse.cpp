#include "lang/import/selinux/parse.h"

#include "lang/import/selinux/constraint_expression.h"
#include "lang/import/selinux/cursor.h"

namespace bulkhead::selinux {
namespace {

/// One function for each kind of sentence, and a table that says which word begins which.
class Parser {
 public:
  Parser(std::string_view text, source::FileId file) : text_(text), file_(file), cursor_(text, draft_) {}

  std::optional<Mistake> run() {
    while (!cursor_.at_end()) {
      begin_ = cursor_.token().begin;
      if (in_condition_ && cursor_.at_sign("}")) {
        end_branch();
        continue;
      }
      sentence();
    }
    if (in_condition_ && !cursor_.mistake())
      cursor_.fail("expected `}` at the end of an `if`, found the end of the file");
    for (const RawLineMark& mark : cursor_.line_marks()) keep_line_mark(mark);
    return cursor_.mistake();
  }

  Draft take() { return std::move(draft_); }

 private:
  using Sentence = void (Parser::*)();
  using Terms = std::vector<DraftConstraintTerm>;
  static const std::unordered_map<std::string_view, Sentence>& sentences();
  static const std::unordered_map<std::string_view, std::string_view>& meaningless();

  void sentence() {
    if (cursor_.take_sign(";")) return;  // what macros leave behind
    const std::string_view word = cursor_.word();
    const auto known = sentences().find(word);
    if (cursor_.token().kind != TokenKind::Word || known == sentences().end()) return unknown();
    if (in_condition_ && !may_be_conditional(word)) {
      return cursor_.fail("`" + std::string(word) + "` cannot stand in an `if`");
    }
    keyword_ = word;
    cursor_.advance();
    (this->*known->second)();
  }

  static bool may_be_conditional(std::string_view word) {
    return word == "allow" || word == "auditallow" || word == "dontaudit" || word == "type_transition" ||
           word == "type_change" || word == "type_member";
  }

  void unknown() {
    const std::string_view word = cursor_.word();
    if (word == "module" || word == "require" || word == "optional" || word == "gen_require") {
      return cursor_.fail("this is the source of a loadable module; what is read is a whole policy");
    }
    if (cursor_.at_sign("("))
      return cursor_.fail("a sentence of CIL; what is read is policy.conf or a compiled policy");
    cursor_.fail("expected a sentence of an SELinux policy, found " + spell(cursor_));
  }

  /// A user has a `level`; no other word that begins a sentence stands within one that is read over.
  void skip_sentence() {
    cursor_.skip_sentence([](std::string_view word) { return word != "level" && sentences().contains(word); });
  }

  void leave_out(std::string what) {
    draft_.left_out.push_back({{file_, begin_, cursor_.last_end()}, std::move(what)});
  }
  std::string quoted() const { return "`" + std::string(keyword_) + "`"; }

  // --- Classes and permissions.

  void class_sentence() {
    const Mention name = cursor_.mention();
    std::optional<Mention> common;
    if (cursor_.take_word("inherits")) common = cursor_.mention();
    if (!common && !cursor_.at_sign("{")) return draft_.classes.push_back(name);
    Names permissions;
    if (cursor_.at_sign("{")) permissions = cursor_.names();
    draft_.class_permissions.push_back({name, common, permissions});
  }
  void common_sentence() {
    const Mention name = cursor_.mention();
    draft_.commons.push_back({name, std::nullopt, cursor_.names()});
  }

  // --- Types and attributes.

  void attribute_sentence() {
    draft_.attributes.push_back(cursor_.mention());
    cursor_.expect_sign(";");
  }
  void type_sentence() {
    const Mention type = cursor_.mention();
    draft_.types.push_back(type);
    if (cursor_.take_word("alias")) aliases(type);
    if (cursor_.take_sign(",")) memberships(type);
    cursor_.expect_sign(";");
  }
  void type_alias_sentence() {
    const Mention type = cursor_.mention();
    cursor_.expect_word("alias");
    aliases(type);
    cursor_.expect_sign(";");
  }
  void aliases(const Mention& type) {
    const Names names = cursor_.names();
    for (const Mention& alias : draft_.of(names)) draft_.aliases.emplace_back(type, alias);
  }
  void type_attribute_sentence() {
    const Mention type = cursor_.mention();
    memberships(type);
    cursor_.expect_sign(";");
  }
  void memberships(const Mention& type) {
    do {
      draft_.memberships.emplace_back(type, cursor_.mention());
    } while (cursor_.take_sign(","));
  }
  void permissive_sentence() {
    draft_.permissive.push_back(cursor_.mention());
    cursor_.expect_sign(";");
  }

  // --- Rules.

  template <RuleKind kind>
  void rule_sentence() {
    DraftRule rule{kind, when_, cursor_.names(), {}, {}, {}, condition(), {}, begin_, 0};
    rule.targets = cursor_.names();
    if (kind == RuleKind::Allow && cursor_.at_sign(";")) {
      cursor_.advance();
      return leave_out("roles that may change into others");
    }
    cursor_.expect_sign(":");
    rule.classes = cursor_.names();
    rule.permissions = cursor_.names();
    finish(rule);
  }
  template <RuleKind kind>
  void extended_sentence() {
    DraftRule rule{kind, when_, cursor_.names(), {}, {}, {}, {}, ExtendedId(draft_.extended.size()), begin_, 0};
    rule.targets = cursor_.names();
    cursor_.expect_sign(":");
    rule.classes = cursor_.names();
    const std::string operation(cursor_.word());
    if (operation != "ioctl") return cursor_.fail("expected `ioctl`, found " + spell(cursor_));
    rule.permissions = cursor_.names();
    draft_.extended.push_back(cursor_.extended_permissions(operation));
    finish(rule);
  }
  void finish(DraftRule& rule) {
    cursor_.expect_sign(";");
    rule.end = cursor_.last_end();
    draft_.rules.push_back(rule);
  }
  ConditionId condition() const { return in_condition_ ? ConditionId(draft_.conditions.size() - 1) : ConditionId(); }

  void type_transition_sentence() {
    DraftTransition transition{cursor_.names(), {}, {}, {}, false, begin_, 0};
    transition.targets = cursor_.names();
    cursor_.expect_sign(":");
    transition.classes = cursor_.names();
    transition.result = cursor_.mention();
    transition.by_file_name = cursor_.token().kind == TokenKind::Quoted;
    if (transition.by_file_name) cursor_.advance();
    cursor_.expect_sign(";");
    transition.end = cursor_.last_end();
    if (keyword_ == "type_transition") {
      draft_.transitions.push_back(transition);
    } else {
      leave_out(quoted() + ": a wish of programs, not a right");
    }
  }

  // --- Conditions.

  void if_sentence() {
    const std::uint32_t begin = cursor_.token().begin;
    std::size_t depth = 0;
    do {
      if (cursor_.at_end()) return cursor_.fail("expected a condition in brackets, found " + spell(cursor_));
      if (cursor_.at_sign("(")) ++depth;
      if (cursor_.at_sign(")")) --depth;
      if (depth == 0 && !cursor_.at_sign(")")) return cursor_.fail("expected `(`, found " + spell(cursor_));
      cursor_.advance();
    } while (depth > 0);
    const std::uint32_t end = cursor_.last_end();
    draft_.conditions.push_back({std::string(text_.substr(begin, end - begin)), {file_, begin, end}});
    cursor_.expect_sign("{");
    in_condition_ = when_ = true;
  }
  void end_branch() {
    cursor_.advance();
    if (when_ && cursor_.take_word("else")) {
      when_ = false;
      return cursor_.expect_sign("{");
    }
    in_condition_ = false;
    when_ = true;
  }

  // --- Sentences that narrow what rules give.

  void constrain_sentence() {
    DraftConstraint constraint{cursor_.names(), {}, {}, begin_, 0};
    constraint.permissions = cursor_.names();
    const std::uint32_t begin = cursor_.token().begin;
    skip_sentence();
    constraint.end = cursor_.last_end();
    if (cursor_.mistake()) return;
    constraint.expression = read_constraint_expression(text_, begin, constraint.end, draft_).value_or(Terms());
    draft_.constraints.push_back(constraint);
  }
  void bounds_sentence() {
    skip_sentence();
    draft_.constraints.push_back({{}, {}, {}, begin_, cursor_.last_end()});
  }

  // --- Sentences that are read over: users, roles, levels, contexts.

  void left_out_sentence() {
    skip_sentence();
    leave_out(std::string(meaningless().at(keyword_)));
  }
  void dominance_sentence() {
    cursor_.names();
    cursor_.take_sign(";");
    leave_out("the order of sensitivities");
  }
  void sid_sentence() {
    cursor_.mention();
    if (cursor_.at_context()) cursor_.context();
    leave_out("the context of an initial object");
  }
  void file_system_sentence() {
    cursor_.raw();
    cursor_.context();
    cursor_.expect_sign(";");
    leave_out("the labels of a file system");
  }
  void genfscon_sentence() {
    cursor_.raw();
    if (cursor_.token().kind != TokenKind::Path && cursor_.token().kind != TokenKind::Quoted) {
      return cursor_.fail("expected a path, found " + spell(cursor_));
    }
    cursor_.advance();
    if (cursor_.take_sign("-") && !cursor_.take_sign("-")) cursor_.mention();
    cursor_.context();
    leave_out("the labels of a file system");
  }
  template <int words, int contexts>
  void labelling_sentence() {
    for (int i = 0; i < words; ++i) cursor_.raw();
    for (int i = 0; i < contexts; ++i) cursor_.context();
    leave_out("the labels of devices, ports and addresses");
  }

  void keep_line_mark(const RawLineMark& mark) {
    std::vector<std::string>& files = draft_.origin_files;
    if (!mark.file.empty() && (files.empty() || files.back() != mark.file)) files.emplace_back(mark.file);
    if (files.empty()) return;
    draft_.line_marks.push_back({mark.offset, mark.line, static_cast<std::uint32_t>(files.size() - 1)});
  }

  std::string_view text_;
  source::FileId file_;
  Draft draft_;
  Cursor cursor_;
  std::uint32_t begin_ = 0;
  std::string_view keyword_;
  bool in_condition_ = false;
  bool when_ = true;
};

const std::unordered_map<std::string_view, Parser::Sentence>& Parser::sentences() {
  static const std::unordered_map<std::string_view, Sentence> table = [] {
    std::unordered_map<std::string_view, Sentence> made{
        {"class", &Parser::class_sentence},
        {"common", &Parser::common_sentence},
        {"attribute", &Parser::attribute_sentence},
        {"type", &Parser::type_sentence},
        {"typealias", &Parser::type_alias_sentence},
        {"typeattribute", &Parser::type_attribute_sentence},
        {"permissive", &Parser::permissive_sentence},
        {"allow", &Parser::rule_sentence<RuleKind::Allow>},
        {"auditallow", &Parser::rule_sentence<RuleKind::AuditAllow>},
        {"dontaudit", &Parser::rule_sentence<RuleKind::DontAudit>},
        {"neverallow", &Parser::rule_sentence<RuleKind::NeverAllow>},
        {"allowxperm", &Parser::extended_sentence<RuleKind::AllowExtended>},
        {"auditallowxperm", &Parser::extended_sentence<RuleKind::AuditAllowExtended>},
        {"dontauditxperm", &Parser::extended_sentence<RuleKind::DontAuditExtended>},
        {"neverallowxperm", &Parser::extended_sentence<RuleKind::NeverAllowExtended>},
        {"type_transition", &Parser::type_transition_sentence},
        {"type_change", &Parser::type_transition_sentence},
        {"type_member", &Parser::type_transition_sentence},
        {"if", &Parser::if_sentence},
        {"constrain", &Parser::constrain_sentence},
        {"mlsconstrain", &Parser::constrain_sentence},
        {"typebounds", &Parser::bounds_sentence},
        {"dominance", &Parser::dominance_sentence},
        {"sid", &Parser::sid_sentence},
        {"fs_use_xattr", &Parser::file_system_sentence},
        {"fs_use_task", &Parser::file_system_sentence},
        {"fs_use_trans", &Parser::file_system_sentence},
        {"genfscon", &Parser::genfscon_sentence},
        {"fscon", &Parser::labelling_sentence<2, 2>},
        {"portcon", &Parser::labelling_sentence<2, 1>},
        {"netifcon", &Parser::labelling_sentence<1, 2>},
        {"nodecon", &Parser::labelling_sentence<2, 1>},
        {"ibpkeycon", &Parser::labelling_sentence<2, 1>},
        {"ibendportcon", &Parser::labelling_sentence<2, 1>},
        {"pirqcon", &Parser::labelling_sentence<1, 1>},
        {"iomemcon", &Parser::labelling_sentence<1, 1>},
        {"ioportcon", &Parser::labelling_sentence<1, 1>},
        {"pcidevicecon", &Parser::labelling_sentence<1, 1>},
        {"devicetreecon", &Parser::labelling_sentence<1, 1>},
    };
    for (const auto& [word, what] : meaningless()) made.emplace(word, &Parser::left_out_sentence);
    return made;
  }();
  return table;
}

const std::unordered_map<std::string_view, std::string_view>& Parser::meaningless() {
  static const std::unordered_map<std::string_view, std::string_view> table{
      {"role", "roles and the types that they may have"},
      {"attribute_role", "roles and the types that they may have"},
      {"roleattribute", "roles and the types that they may have"},
      {"role_transition", "roles that change when a program starts"},
      {"user", "users, their roles and levels"},
      {"sensitivity", "a level"},
      {"category", "a level"},
      {"level", "a level"},
      {"range_transition", "levels that change when a program starts"},
      {"validatetrans", "a condition on changing labels"},
      {"mlsvalidatetrans", "a condition on changing labels"},
      {"default_user", "labels of new objects"},
      {"default_role", "labels of new objects"},
      {"default_type", "labels of new objects"},
      {"default_range", "labels of new objects"},
      {"bool", "the value that a condition begins with; both values count"},
      {"tunable", "the value that a condition begins with; both values count"},
      {"expandattribute", "advice to the compiler"},
      {"policycap", "a capability of the policy"},
  };
  return table;
}

}  // namespace

std::optional<Draft> parse(std::string_view text, source::FileId file, diag::DiagnosticSink& sink) {
  Parser parser(text, file);
  if (const std::optional<Mistake> mistake = parser.run()) {
    sink.report({diag::Code::SelinuxSyntax, {file, mistake->begin, mistake->end}, mistake->message, {}, "", {}});
    return std::nullopt;
  }
  return parser.take();
}

}  // namespace bulkhead::selinux

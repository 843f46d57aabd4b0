#include "checker/interchange/smt_terms.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "checker/interchange/word_terms.h"
#include "checker/term/word.h"

namespace bulkhead::interchange {

using term::Op;
using term::Sort;

namespace {

std::optional<std::int64_t> numeral(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

bool all_of_sort(const term::Store& store, const std::vector<TermId>& args, Sort::Kind kind) {
  return std::all_of(args.begin(), args.end(), [&](TermId arg) { return store.sort(arg).kind == kind; });
}

/// `#b0101`, `#x1f`; none: neither, or wider than 128 bits.
std::optional<TermId> word_literal(term::Store& store, std::string_view text) {
  if (text.size() < 3 || text[0] != '#') return std::nullopt;
  const unsigned digit_bits = text[1] == 'b' ? 1 : text[1] == 'x' ? 4 : 0;
  const std::size_t width = (text.size() - 2) * digit_bits;
  if (width == 0 || width > term::kMaxWidth) return std::nullopt;
  term::Word word;
  for (const char c : text.substr(2)) {
    unsigned value = 16;
    if (c >= '0' && c <= '9') value = static_cast<unsigned>(c - '0');
    if (c >= 'a' && c <= 'f') value = static_cast<unsigned>(c - 'a') + 10;
    if (c >= 'A' && c <= 'F') value = static_cast<unsigned>(c - 'A') + 10;
    if (value >= 1u << digit_bits) return std::nullopt;
    word = term::shift_left(word, digit_bits);
    word.low |= value;
  }
  return store.constant(word, static_cast<std::uint16_t>(width));
}

}  // namespace

Result<Sort, TextError> SmtTerms::sort(NodeId id) const {
  if (text_.is(id, "Bool")) return term::kBool;
  if (text_.is(id, "Int")) return term::kInt;
  const Expression& node = text_.at(id);
  if (node.list && node.items.size() == 3 && text_.is(node.items[0], "_") && text_.is(node.items[1], "BitVec")) {
    const auto width = numeral(text_.at(node.items[2]).text);
    if (width && *width >= 1 && *width <= term::kMaxWidth) return term::bits(static_cast<std::uint16_t>(*width));
    return wrong(id, "words have 1 to 128 bits here");
  }
  return wrong(id, "only Bool, Int and (_ BitVec n) are read");
}

std::string SmtTerms::name_of(NodeId id) const {
  return std::string(text_.at(id).text.substr(0, 60));
}

Result<Unit, TextError> SmtTerms::define(NodeId command) {
  const auto& items = text_.at(command).items;
  if (items.size() != 5 || text_.at(items[1]).list || !text_.at(items[2]).list) {
    return wrong(command, "a definition is (define-fun name ((x S) ...) S body)");
  }
  Macro macro{{}, items[4]};
  for (const NodeId parameter : text_.at(items[2]).items) {
    const auto& pair = text_.at(parameter).items;
    if (pair.size() != 2 || text_.at(pair[0]).list) return wrong(parameter, "a parameter is (name sort)");
    const auto its_sort = sort(pair[1]);
    if (!its_sort) return fail(its_sort.error());
    macro.parameters.emplace_back(text_.at(pair[0]).text, *its_sort);
  }
  const std::string_view name = text_.at(items[1]).text;
  if (relations_.contains(name) || !macros_.emplace(name, std::move(macro)).second) {
    return wrong(items[1], "`" + name_of(items[1]) + "` is defined twice");
  }
  return Unit{};
}

Result<Unit, TextError> SmtTerms::declare(NodeId command) {
  const auto& items = text_.at(command).items;
  if (items.size() != 4 || text_.at(items[1]).list || !text_.at(items[2]).list) {
    return wrong(command, "a declaration is (declare-fun name (S ...) Bool)");
  }
  if (!text_.is(items[3], "Bool")) return wrong(items[3], "only relations are declared: the result is Bool");
  term::Symbol symbol{"p" + std::to_string(relations_.size()), {}, term::kBool};
  for (const NodeId argument : text_.at(items[2]).items) {
    const auto its_sort = sort(argument);
    if (!its_sort) return fail(its_sort.error());
    symbol.arguments.push_back(*its_sort);
  }
  const std::string_view name = text_.at(items[1]).text;
  if (macros_.contains(name) || relations_.contains(name)) {
    return wrong(items[1], "`" + name_of(items[1]) + "` is declared twice");
  }
  relations_.emplace(name, store_.declare(std::move(symbol)));
  return Unit{};
}

/// A list whose parts are being read.
struct SmtTerms::Frame {
  enum class Kind : std::uint8_t { Application, Let, Annotated, Macro } kind = Kind::Application;
  NodeId node = 0;
  std::vector<NodeId> parts;        // terms to read, in order
  std::vector<TermId> values = {};  // of those that were read
  std::size_t scope = 0;            // names that were bound before
  std::size_t barrier = 0;          // of these names only those from here on are seen
  bool closed = false;              // nor are free ones: a definition sees its parameters
};

Result<std::optional<TermId>, TextError> SmtTerms::atom(NodeId id,
                                                        const std::vector<std::pair<std::string_view, TermId>>& scope,
                                                        std::size_t barrier, const Bindings* bindings) {
  const std::string_view text = text_.at(id).text;
  for (std::size_t i = scope.size(); i-- > barrier;) {
    if (scope[i].first == text) return std::optional(scope[i].second);
  }
  if (bindings != nullptr) {
    if (const auto found = bindings->find(text); found != bindings->end()) return std::optional(found->second);
  }
  if (text == "true" || text == "false") return std::optional(store_.truth(text == "true"));
  if (const auto word = word_literal(store_, text)) return word;
  if (!text.empty() && text[0] >= '0' && text[0] <= '9') {
    if (const auto number = numeral(text)) return std::optional(store_.number(*number));
    return wrong(id, "only integers of 64 bits are read");
  }
  if (const auto found = relations_.find(text); found != relations_.end()) {
    if (!store_.symbols()[found->second.index()].arguments.empty()) return wrong(id, "the relation needs arguments");
    return std::optional(store_.call(found->second, {}));
  }
  if (macros_.contains(text)) return std::optional<TermId>();
  return wrong(id, "`" + name_of(id) + "` is not known");
}

Result<TermId, TextError> SmtTerms::term(NodeId root, const Bindings& bindings) {
  std::vector<Frame> open;
  std::vector<std::pair<std::string_view, TermId>> scope;
  std::optional<TermId> value;  // of the part that was read last
  std::optional<NodeId> next = root;
  std::size_t work = 0;
  const auto expand = [&](NodeId id, const Macro& macro, const std::vector<TermId>& args) -> Result<Unit, TextError> {
    if (args.size() != macro.parameters.size()) return wrong(id, "the definition takes another number of arguments");
    Frame frame{Frame::Kind::Macro, id, {macro.body}, {}, scope.size(), scope.size(), true};
    for (std::size_t i = 0; i < args.size(); ++i) {
      if (store_.sort(args[i]) != macro.parameters[i].second) return wrong(id, "an argument has another sort");
      scope.emplace_back(macro.parameters[i].first, args[i]);
    }
    open.push_back(std::move(frame));
    if (open.size() > Expressions::kMaxDepth) return wrong(id, "definitions are nested too deeply");
    return Unit{};
  };
  for (;;) {
    if (++work > kMaxWork || store_.size() > kMaxTerms) return wrong(root, "the term is too large");
    if (next) {  // read this part
      const NodeId id = *next;
      next.reset();
      const Expression& node = text_.at(id);
      const std::size_t barrier = open.empty() ? 0 : open.back().barrier;
      const bool closed = !open.empty() && open.back().closed;
      if (!node.list) {
        const auto read = atom(id, scope, barrier, closed ? nullptr : &bindings);
        if (!read) return fail(read.error());
        if (*read) {
          value = **read;
        } else if (const auto expanded = expand(id, macros_.at(node.text), {}); !expanded) {
          return fail(expanded.error());
        }
      } else if (node.items.empty()) {
        return wrong(id, "an empty list is no term");
      } else if (text_.is(node.items[0], "let")) {
        if (node.items.size() != 3 || !text_.at(node.items[1]).list) return wrong(id, "a let is (let ((x t) ...) t)");
        Frame frame{Frame::Kind::Let, id, {}, {}, scope.size(), barrier, closed};
        for (const NodeId binding : text_.at(node.items[1]).items) {
          const auto& pair = text_.at(binding).items;
          if (pair.size() != 2 || text_.at(pair[0]).list) return wrong(binding, "a binding is (name term)");
          frame.parts.push_back(pair[1]);
        }
        frame.parts.push_back(node.items[2]);
        open.push_back(std::move(frame));
      } else if (text_.is(node.items[0], "!")) {
        if (node.items.size() < 2) return wrong(id, "an annotation has a term");
        open.push_back({Frame::Kind::Annotated, id, {node.items[1]}, {}, scope.size(), barrier, closed});
      } else if (text_.is(node.items[0], "_")) {
        if (node.items.size() == 3 && !text_.at(node.items[1]).list && text_.at(node.items[1]).text.starts_with("bv")) {
          const auto number = numeral(text_.at(node.items[1]).text.substr(2)),
                     width = numeral(text_.at(node.items[2]).text);
          if (!number || !width || *number < 0 || *width < 1 || *width > term::kMaxWidth) {
            return wrong(id, "this constant is not read");
          }
          value = store_.constant(static_cast<std::uint64_t>(*number), static_cast<std::uint16_t>(*width));
        } else {
          return wrong(id, "this is no term that is read");
        }
      } else if (text_.is(node.items[0], "forall") || text_.is(node.items[0], "exists")) {
        return wrong(id, "a quantifier inside of a clause is not read");
      } else {
        open.push_back({Frame::Kind::Application,
                        id,
                        {node.items.begin() + 1, node.items.end()},
                        {},
                        scope.size(),
                        barrier,
                        closed});
      }
    }
    if (!value && !next) {  // the list that was opened last, or the next part of the one around
      if (open.empty()) return wrong(root, "this is no term");
    }
    if (value && open.empty()) return *value;
    Frame& frame = open.back();
    if (value) {
      frame.values.push_back(*value);
      value.reset();
    }
    if (frame.values.size() < frame.parts.size()) {
      const bool body = frame.kind == Frame::Kind::Let && frame.values.size() + 1 == frame.parts.size();
      if (body && scope.size() == frame.scope) {
        const auto& bound = text_.at(text_.at(frame.node).items[1]).items;
        for (std::size_t i = 0; i < bound.size(); ++i) {
          scope.emplace_back(text_.at(text_.at(bound[i]).items[0]).text, frame.values[i]);
        }
      }
      next = frame.parts[frame.values.size()];
      continue;
    }
    // Every part is read.
    const Frame done = std::move(frame);
    open.pop_back();
    scope.resize(done.scope);
    if (done.kind != Frame::Kind::Application) {
      value = done.values.back();
      continue;
    }
    const NodeId head = text_.at(done.node).items[0];
    const auto macro = text_.at(head).list ? macros_.end() : macros_.find(text_.at(head).text);
    if (macro != macros_.end()) {
      if (const auto expanded = expand(done.node, macro->second, done.values); !expanded) return fail(expanded.error());
      continue;
    }
    const auto applied = apply(done.node, done.values);
    if (!applied) return fail(applied.error());
    value = *applied;
  }
}

Result<TermId, TextError> SmtTerms::apply(NodeId id, const std::vector<TermId>& args) {
  const NodeId head = text_.at(id).items[0];
  if (text_.at(head).list) return indexed(id, head, args);
  const std::string_view op = text_.at(head).text;
  if (const auto found = relations_.find(op); found != relations_.end()) {
    const auto& wanted = store_.symbols()[found->second.index()].arguments;
    bool fits = wanted.size() == args.size();
    for (std::size_t i = 0; fits && i < args.size(); ++i) fits = store_.sort(args[i]) == wanted[i];
    if (!fits) return wrong(id, "the relation has other arguments");
    return store_.call(found->second, args);
  }
  std::optional<TermId> made = core(op, args);
  if (!made && !args.empty() && all_of_sort(store_, args, Sort::Kind::Int)) made = integers(op, args);
  if (!made && !args.empty() && all_of_sort(store_, args, Sort::Kind::Bits)) made = words(op, args);
  if (made) return *made;
  return wrong(head, "`" + name_of(head) + "` of these arguments is not read");
}

std::optional<TermId> SmtTerms::core(std::string_view op, const std::vector<TermId>& args) {
  const bool booleans = all_of_sort(store_, args, Sort::Kind::Bool);
  if (op == "not" && booleans && args.size() == 1) return store_.negation(args[0]);
  if (op == "and" && booleans) return store_.conjunction(args);
  if (op == "or" && booleans) return store_.disjunction(args);
  if (op == "xor" && booleans && args.size() == 2) return store_.negation(store_.equal(args[0], args[1]));
  if (op == "=>" && booleans && args.size() >= 2) {
    TermId made = args.back();
    for (std::size_t i = args.size() - 1; i-- > 0;) made = store_.implication(args[i], made);
    return made;
  }
  const auto one_sort = [&](std::size_t from) {
    for (std::size_t i = from; i < args.size(); ++i) {
      if (store_.sort(args[i]) != store_.sort(args[from])) return false;
    }
    return true;
  };
  if (op == "ite" && args.size() == 3 && store_.sort(args[0]) == term::kBool && one_sort(1)) {
    return store_.ite(args[0], args[1], args[2]);
  }
  if ((op != "=" && op != "distinct") || args.size() < 2 || !one_sort(0)) return std::nullopt;
  std::vector<TermId> all;
  if (op == "=") {
    for (std::size_t i = 1; i < args.size(); ++i) all.push_back(store_.equal(args[i - 1], args[i]));
  } else if (args.size() <= 64) {
    for (std::size_t i = 0; i < args.size(); ++i) {
      for (std::size_t j = i + 1; j < args.size(); ++j) all.push_back(store_.negation(store_.equal(args[i], args[j])));
    }
  } else {
    return std::nullopt;
  }
  return store_.conjunction(std::move(all));
}

/// Quotient and remainder as the standard has them: the remainder is never negative.
TermId SmtTerms::divided(std::string_view op, TermId a, std::int64_t by) {
  const auto fresh = [&] {
    const TermId made = store_.variable("d" + std::to_string(fresh_++), term::kInt);
    facts_.variables.push_back(made);
    return made;
  };
  const TermId quotient = fresh(), rest = fresh();
  const TermId product = store_.apply(Op::Multiply, {store_.number(by), quotient});
  facts_.hold.push_back(store_.equal(a, store_.apply(Op::Add, {product, rest})));
  facts_.hold.push_back(store_.apply(Op::LessEqual, {store_.number(0), rest}));
  facts_.hold.push_back(store_.apply(Op::Less, {rest, store_.number(by < 0 ? -by : by)}));
  return op == "div" ? quotient : rest;
}

std::optional<TermId> SmtTerms::integers(std::string_view op, const std::vector<TermId>& args) {
  const auto chain = [&](Op by, bool swapped) {
    std::vector<TermId> all;
    for (std::size_t i = 1; i < args.size(); ++i) {
      all.push_back(swapped ? store_.apply(by, {args[i], args[i - 1]}) : store_.apply(by, {args[i - 1], args[i]}));
    }
    return store_.conjunction(std::move(all));
  };
  if (op == "<" && args.size() >= 2) return chain(Op::Less, false);
  if (op == "<=" && args.size() >= 2) return chain(Op::LessEqual, false);
  if (op == ">" && args.size() >= 2) return chain(Op::Less, true);
  if (op == ">=" && args.size() >= 2) return chain(Op::LessEqual, true);
  if (op == "-" && args.size() == 1) {
    const term::Node node = store_.at(args[0]);
    const auto value = static_cast<std::int64_t>(node.word.low);
    if (node.op == Op::Number && value != INT64_MIN) return store_.number(-value);
    return store_.apply(Op::Subtract, {store_.number(0), args[0]});
  }
  if (op == "abs" && args.size() == 1) {
    const TermId negative = store_.apply(Op::Less, {args[0], store_.number(0)});
    return store_.ite(negative, store_.apply(Op::Subtract, {store_.number(0), args[0]}), args[0]);
  }
  if (op == "+" || op == "-" || op == "*") {
    const Op by = op == "+" ? Op::Add : op == "-" ? Op::Subtract : Op::Multiply;
    TermId made = args[0];
    for (std::size_t i = 1; i < args.size(); ++i) made = store_.apply(by, {made, args[i]});
    return made;
  }
  if ((op != "div" && op != "mod") || args.size() != 2 || store_.at(args[1]).op != Op::Number) return std::nullopt;
  const auto by = static_cast<std::int64_t>(store_.at(args[1]).word.low);
  if (by == 0 || by == INT64_MIN) return std::nullopt;
  return divided(op, args[0], by);
}

std::optional<TermId> SmtTerms::words(std::string_view op, const std::vector<TermId>& args) {
  static const std::map<std::string_view, Op> kChains{
      {"bvand", Op::BitAnd}, {"bvor", Op::BitOr}, {"bvxor", Op::BitXor}, {"bvadd", Op::BitAdd}, {"bvmul", Op::BitMul}};
  static const std::map<std::string_view, Op> kPairs{
      {"bvsub", Op::BitSub},         {"bvshl", Op::ShiftLeft},         {"bvlshr", Op::ShiftRight},
      {"bvult", Op::UnsignedLess},   {"bvule", Op::UnsignedLessEqual}, {"bvslt", Op::SignedLess},
      {"bvsle", Op::SignedLessEqual}};
  static const std::map<std::string_view, Op> kSwapped{{"bvugt", Op::UnsignedLess},
                                                       {"bvuge", Op::UnsignedLessEqual},
                                                       {"bvsgt", Op::SignedLess},
                                                       {"bvsge", Op::SignedLessEqual}};
  static const std::map<std::string_view, Op> kNegated{
      {"bvnand", Op::BitAnd}, {"bvnor", Op::BitOr}, {"bvxnor", Op::BitXor}};
  if (op == "bvnot" && args.size() == 1) return store_.apply(Op::BitNot, args);
  if (op == "bvneg" && args.size() == 1) return negate(store_, args[0]);
  if (op == "concat" && args.size() >= 2) {
    TermId made = args[0];
    for (std::size_t i = 1; i < args.size(); ++i) {
      if (store_.sort(made).width + store_.sort(args[i]).width > term::kMaxWidth) return std::nullopt;
      made = store_.apply(Op::Concat, {made, args[i]});
    }
    return made;
  }
  for (const TermId arg : args) {
    if (store_.sort(arg) != store_.sort(args[0])) return std::nullopt;
  }
  if (const auto found = kChains.find(op); found != kChains.end() && args.size() >= 2) {
    TermId made = args[0];
    for (std::size_t i = 1; i < args.size(); ++i) made = store_.apply(found->second, {made, args[i]});
    return made;
  }
  if (args.size() != 2) return std::nullopt;
  const TermId a = args[0], b = args[1];
  if (const auto found = kPairs.find(op); found != kPairs.end()) return store_.apply(found->second, {a, b});
  if (const auto found = kSwapped.find(op); found != kSwapped.end()) return store_.apply(found->second, {b, a});
  if (const auto found = kNegated.find(op); found != kNegated.end()) {
    return store_.apply(Op::BitNot, {store_.apply(found->second, {a, b})});
  }
  if (op == "bvcomp") return as_word(store_, store_.equal(a, b));
  if (op == "bvashr") return shift_right_arithmetic(store_, a, b);
  if (op == "bvudiv" || op == "bvudiv_i") return divide(store_, a, b).quotient;
  if (op == "bvurem" || op == "bvurem_i") return divide(store_, a, b).remainder;
  if (op == "bvsdiv" || op == "bvsdiv_i") return divide_signed(store_, a, b).quotient;
  if (op == "bvsrem" || op == "bvsrem_i") return divide_signed(store_, a, b).remainder;
  if (op == "bvsmod" || op == "bvsmod_i") return signed_modulo(store_, a, b);
  return std::nullopt;
}

Result<TermId, TextError> SmtTerms::indexed(NodeId id, NodeId head, const std::vector<TermId>& args) {
  const auto& items = text_.at(head).items;
  const bool one_word = args.size() == 1 && store_.sort(args[0]).kind == Sort::Kind::Bits;
  if (items.size() < 3 || !text_.is(items[0], "_") || !one_word) return wrong(id, "this application is not read");
  const std::string_view op = text_.at(items[1]).text;
  const auto first = numeral(text_.at(items[2]).text);
  const auto second = items.size() == 4 ? numeral(text_.at(items[3]).text) : std::nullopt;
  const std::int64_t width = store_.sort(args[0]).width;
  const auto small = [](std::int64_t value) { return static_cast<std::uint16_t>(value); };
  if (!first || *first < 0 || *first > 1024) return wrong(head, "this index is not read");
  if (op == "extract" && second && *second >= 0 && *first >= *second && *first < width) {
    return store_.extract(args[0], small(*second), small(*first - *second + 1));
  }
  const bool extends = (op == "zero_extend" || op == "sign_extend") && width + *first <= term::kMaxWidth;
  if (extends && op == "zero_extend") return store_.zero_extend(args[0], small(width + *first));
  if (extends) return sign_extend(store_, args[0], small(width + *first));
  if (op == "rotate_left" || op == "rotate_right") {
    const TermId by = store_.constant(static_cast<std::uint64_t>(*first % width), small(width));
    return op == "rotate_left" ? rotate_left(store_, args[0], by) : rotate_right(store_, args[0], by);
  }
  if (op == "repeat" && *first >= 1 && *first * width <= term::kMaxWidth) {
    TermId made = args[0];
    for (std::int64_t i = 1; i < *first; ++i) made = store_.apply(Op::Concat, {made, args[0]});
    return made;
  }
  return wrong(head, "`" + name_of(items[1]) + "` with these indices is not read");
}

}  // namespace bulkhead::interchange

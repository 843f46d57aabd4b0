#include "checker/interchange/smt_terms.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "checker/term/word.h"

namespace bulkhead::interchange {

using term::Op;
using term::Sort;

namespace {

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

std::optional<std::int64_t> SmtTerms::numeral(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

Result<Sort, TextError> SmtTerms::sort(NodeId id) const {
  if (text_.is(id, "Bool")) return term::kBool;
  if (text_.is(id, "Int")) return term::kInt;
  const Expression& node = text_.at(id);
  if (node.list && node.items.size() == 3 && text_.is(node.items[0], "_") && text_.is(node.items[1], "BitVec")) {
    const auto width = numeral(text_.at(node.items[2]).text);
    if (width && *width >= 1 && *width <= term::kMaxWidth) return term::bits(static_cast<std::uint16_t>(*width));
    return wrong(id, "words have 1 to 128 bits here");
  }
  if (text_.begins(id, "Array") && node.items.size() == 3 && text_.is(node.items[1], "Int")) {
    const NodeId held = node.items[2];
    if (text_.begins(held, "Array")) return wrong(held, "arrays of arrays are not read");
    const auto inner = sort(held);
    if (!inner) return fail(inner.error());
    return term::array_of(*inner);
  }
  return wrong(id, "only Bool, Int, (_ BitVec n) and arrays (Array Int S) of them are read");
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

}  // namespace bulkhead::interchange

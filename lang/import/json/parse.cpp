// The adapter of libfyaml: its event stream in strict JSON mode, turned into a Document without recursion.
#include <libfyaml.h>

#include <algorithm>
#include <memory>
#include <unordered_set>

#include "lang/base/check.h"
#include "lang/import/json/json.h"
#include "lang/import/json/utf8.h"

namespace bulkhead::json {
namespace {

using diag::Code;

source::Span span_at(source::FileId file, std::size_t begin, std::size_t end) {
  return {file, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
}

/// What libfyaml says goes to the sink and not to standard error.
void discard(fy_diag*, void*, const char*, std::size_t) {}

struct ParserDeleter {
  void operator()(fy_parser* parser) const { fy_parser_destroy(parser); }
};
struct DiagDeleter {
  void operator()(fy_diag* diag) const { fy_diag_destroy(diag); }
};

/// The tree under construction: a stack of open containers instead of recursion.
class Builder {
 public:
  Builder(source::FileId file, const Bounds& bounds, diag::DiagnosticSink& sink) : bounds_(bounds), sink_(sink) {
    document_.file = file;
  }

  bool take(const fy_event& event) {
    switch (event.type) {
      case FYET_SCALAR:
        return scalar(event.scalar.value);
      case FYET_MAPPING_START:
        return open(Kind::Object, event.mapping_start.mapping_start);
      case FYET_SEQUENCE_START:
        return open(Kind::Array, event.sequence_start.sequence_start);
      case FYET_MAPPING_END:
        return close(event.mapping_end.mapping_end);
      case FYET_SEQUENCE_END:
        return close(event.sequence_end.sequence_end);
      case FYET_ALIAS:
        return refuse({document_.file}, "an alias is not JSON");
      case FYET_NONE:
      case FYET_STREAM_START:
      case FYET_STREAM_END:
      case FYET_DOCUMENT_START:
      case FYET_DOCUMENT_END:
        return true;
    }
    return false;
  }

  bool empty() const { return document_.nodes.empty(); }
  bool complete() const { return open_.empty() && !document_.nodes.empty(); }
  Document take_document() { return std::move(document_); }

 private:
  struct Open {
    NodeId node;
    bool has_key = false;
    std::string key;
    source::Span key_span;
    std::unordered_set<std::string> seen;
  };

  bool refuse(source::Span span, std::string message) {
    sink_.report({Code::JsonSyntax, span, std::move(message), {}, {}, {}});
    return false;
  }

  source::Span span_of(fy_token* token) const {
    const fy_mark* begin = token ? fy_token_start_mark(token) : nullptr;
    const fy_mark* end = token ? fy_token_end_mark(token) : nullptr;
    if (!begin || !end) return {document_.file};
    return span_at(document_.file, begin->input_pos, end->input_pos);
  }

  static source::Span with_quotes(source::Span span) {
    return {span.file, span.begin > 0 ? span.begin - 1 : 0, span.end + 1};
  }

  bool scalar(fy_token* token) {
    std::size_t size = 0;
    const char* text = fy_token_get_text(token, &size);
    std::string value(text ? text : "", text ? size : 0);
    const bool quoted = fy_token_scalar_style(token) == FYSS_DOUBLE_QUOTED;
    const auto span = quoted ? with_quotes(span_of(token)) : span_of(token);
    if (!open_.empty() && document_.at(open_.back().node).kind == Kind::Object && !open_.back().has_key) {
      return key(std::move(value), span, quoted);
    }
    Node node;
    node.span = span;
    node.kind = Kind::String;
    if (!quoted) {
      node.kind = value == "null" ? Kind::Null : value == "true" || value == "false" ? Kind::Bool : Kind::Number;
    }
    node.text = std::move(value);
    return add(std::move(node)).valid();
  }

  bool key(std::string name, source::Span span, bool quoted) {
    if (!quoted) return refuse(span, "a key must be a string");
    auto& top = open_.back();
    if (!top.seen.insert(name).second) {
      diag::Diagnostic twice{
          Code::JsonDuplicateKey, span, "the key `" + printable(name) + "` stands here twice", {}, {}, {}};
      for (const auto& member : document_.at(top.node).members) {
        if (member.key == name) twice.labels.push_back({member.key_span, "it stood here first"});
      }
      twice.help = "programs disagree on which of the two counts; keep one";
      sink_.report(std::move(twice));
      return false;
    }
    top.has_key = true;
    top.key = std::move(name);
    top.key_span = span;
    return true;
  }

  NodeId add(Node node) {
    if (document_.nodes.size() >= bounds_.nodes) {
      sink_.report(
          {Code::JsonTooLarge, node.span, "more than " + std::to_string(bounds_.nodes) + " values", {}, {}, {}});
      return {};
    }
    const NodeId id{document_.nodes.size()};
    if (!open_.empty()) {
      auto& top = open_.back();
      auto& parent = document_.nodes[top.node.index()];
      node.parent = top.node;
      if (parent.kind == Kind::Object) {
        node.step = top.key;
        parent.members.push_back({std::move(top.key), top.key_span, id});
        top.has_key = false;
        top.key.clear();
      } else {
        node.step = std::to_string(parent.items.size());
        parent.items.push_back(id);
      }
    }
    document_.nodes.push_back(std::move(node));
    return id;
  }

  bool open(Kind kind, fy_token* token) {
    const auto span = span_of(token);
    if (!open_.empty() && document_.at(open_.back().node).kind == Kind::Object && !open_.back().has_key) {
      return refuse(span, "a key must be a string");
    }
    if (open_.size() >= bounds_.depth) {
      sink_.report({Code::JsonTooLarge, span, "nested deeper than " + std::to_string(bounds_.depth), {}, {}, {}});
      return false;
    }
    Node node;
    node.kind = kind;
    node.span = span;
    const NodeId id = add(std::move(node));
    if (!id.valid()) return false;
    open_.push_back({id, false, {}, {}, {}});
    return true;
  }

  bool close(fy_token* token) {
    if (open_.empty()) return false;
    const auto end = span_of(token);
    auto& node = document_.nodes[open_.back().node.index()];
    if (end.end > node.span.begin) node.span.end = end.end;
    open_.pop_back();
    return true;
  }

  Bounds bounds_;
  diag::DiagnosticSink& sink_;
  Document document_;
  std::vector<Open> open_;
};

/// Byte offset of libfyaml's line and column (both from 1; columns count characters).
std::size_t offset_of(std::string_view text, int line, int column) {
  std::size_t at = 0;
  for (int i = 1; i < line; ++i) {
    const auto next = text.find('\n', at);
    if (next == std::string_view::npos) return text.size();
    at = next + 1;
  }
  for (int i = 1; i < column && at < text.size() && text[at] != '\n'; ++i) {
    ++at;
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) ++at;
  }
  return at;
}

void report_errors(fy_diag* diag, std::string_view text, source::FileId file, diag::DiagnosticSink& sink) {
  void* cursor = nullptr;
  if (const fy_diag_error* error = fy_diag_errors_iterate(diag, &cursor)) {
    std::string message = error->msg ? error->msg : "not JSON";
    if (!message.empty() && message.front() >= 'A' && message.front() <= 'Z' && message.compare(0, 4, "JSON") != 0) {
      message.front() = static_cast<char>(message.front() - 'A' + 'a');
    }
    const auto at = offset_of(text, error->line, error->column);
    sink.report({Code::JsonSyntax, span_at(file, at, std::min(at + 1, text.size())), std::move(message), {}, {}, {}});
    return;
  }
  sink.report({Code::JsonSyntax, span_at(file, 0, 0), "not a JSON document", {}, {}, {}});
}

bool acceptable_bytes(std::string_view text, source::FileId file, const Bounds& bounds, diag::DiagnosticSink& sink) {
  if (text.size() > bounds.bytes) {
    sink.report({Code::JsonTooLarge,
                 span_at(file, 0, 0),
                 "larger than " + std::to_string(bounds.bytes) + " bytes",
                 {},
                 {},
                 {}});
    return false;
  }
  if (const auto bad = first_invalid_utf8(text)) {
    sink.report({Code::JsonSyntax, span_at(file, *bad, *bad + 1), "invalid UTF-8", {}, {}, {}});
    return false;
  }
  if (const auto nul = text.find('\0'); nul != std::string_view::npos) {
    sink.report({Code::JsonSyntax, span_at(file, nul, nul + 1), "a NUL byte", {}, {}, {}});
    return false;
  }
  return true;
}

}  // namespace

std::optional<Document> parse(const source::SourceMap& sources, source::FileId file, const Bounds& bounds,
                              diag::DiagnosticSink& sink) {
  const std::string& text = sources.text(file);
  if (!acceptable_bytes(text, file, bounds, sink)) return std::nullopt;

  fy_diag_cfg diag_config{};
  fy_diag_cfg_default(&diag_config);
  diag_config.fp = nullptr;
  diag_config.output_fn = discard;
  const std::unique_ptr<fy_diag, DiagDeleter> diag(fy_diag_create(&diag_config));
  BH_CHECK(diag != nullptr, "libfyaml has no memory for its diagnostics");
  fy_diag_set_collect_errors(diag.get(), true);

  fy_parse_cfg config{};
  config.flags =
      static_cast<fy_parse_cfg_flags>(static_cast<unsigned>(FYPCF_QUIET) | static_cast<unsigned>(FYPCF_JSON_FORCE));
  config.diag = diag.get();
  const std::unique_ptr<fy_parser, ParserDeleter> parser(fy_parser_create(&config));
  BH_CHECK(parser != nullptr, "libfyaml cannot make a parser");
  if (fy_parser_set_string(parser.get(), text.data(), text.size()) != 0) return std::nullopt;

  Builder builder(file, bounds, sink);
  bool well = true;
  bool ended = false;
  while (well && !ended) {
    fy_event* event = fy_parser_parse(parser.get());
    if (!event) break;
    well = builder.take(*event);
    ended = event->type == FYET_STREAM_END;
    fy_parser_event_free(parser.get(), event);
  }
  if (!well) return std::nullopt;  // the builder has said why
  if (!ended || !builder.complete() || fy_parser_get_stream_error(parser.get())) {
    report_errors(diag.get(), text, file, sink);
    return std::nullopt;
  }
  return builder.take_document();
}

}  // namespace bulkhead::json

#include "lang/format/write.h"

namespace bulkhead::format {
namespace {

/// The text of one sentence of a protocol or channel, one function for each form.
class ProtocolText {
 public:
  explicit ProtocolText(Write& write) : write_(write) {}

  void operator()(const ast::MessageDecl& m) {
    write_ << "message " << m.name << " { ";
    for (const ast::MessageDecl::Field& field : m.fields) {
      write_ << field.name;
      if (field.fresh) write_ << ": fresh";
      if (field.type) write_ << ": " << *field.type;
      write_ << "; ";
    }
    write_ << "}";
  }
  void operator()(const ast::FlightLimit& l) { write_ << "limit " << l.count << " in flight;"; }
  void operator()(const ast::StepDecl& s) {
    write_ << s.role << " " << s.state << ": ";
    for (std::size_t i = 0; i < s.alternatives.size(); ++i) {
      if (i > 0) write_ << " | ";
      alternative(s.alternatives[i]);
    }
    write_ << ";";
  }

  void operator()(const ast::Carries& c) { sentence("carries ", c.what); }
  void operator()(const ast::Mediated& m) { write_ << "mediated by " << m.by << ";"; }
  void operator()(const ast::ChannelLimits& l) {
    for (std::size_t i = 0; i < l.limits.size(); ++i) {
      write_ << (i == 0 ? "limit " : ", ") << l.limits[i].number << (l.limits[i].in_flight ? " in flight" : "");
    }
    write_ << ";";
  }
  void operator()(const ast::Protect& p) {
    write_ << "protect ";
    write_.list(p.what, ", ");
    sentence(" with ", p.with);
  }

 private:
  void sentence(std::string_view word, const std::vector<ast::Name>& names) {
    write_ << word;
    write_.list(names, ", ");
    write_ << ";";
  }
  void alternative(const ast::Alternative& a) {
    static constexpr std::string_view kWords[] = {"send ", "accept ", "refuse ", "timeout "};
    write_ << kWords[static_cast<std::size_t>(a.act)];
    if (a.message) write_ << *a.message;
    if (a.after) write_ << *a.after;
    if (!a.same.empty()) {
      write_ << " with same ";
      write_.list(a.same, ", ");
    }
    if (a.when) write_ << " when " << *a.when;
    write_ << " -> " << a.next;
  }

  Write& write_;
};

}  // namespace

Write& Write::operator<<(const ast::ProtocolDecl& protocol) {
  *this << "protocol " << protocol.name << " between " << protocol.first << ", " << protocol.second;
  if (protocol.channel) *this << " over " << *protocol.channel;
  if (protocol.session) *this << " session by " << *protocol.session;
  *this << " {\n";
  for (const ast::ProtocolSentence& sentence : protocol.sentences) {
    doc(sentence.doc);
    std::visit(ProtocolText(*this), sentence.form);
    *this << "\n";
  }
  return *this << "}";
}

Write& Write::operator<<(const ast::ChannelDecl& channel) {
  *this << "channel " << channel.name << ": " << channel.from << (channel.both_ways ? " <-> " : " -> ") << channel.to;
  if (channel.entries.empty()) return *this << ";";
  *this << " {\n";
  for (const ast::ChannelEntry& entry : channel.entries) {
    std::visit(ProtocolText(*this), entry.form);
    *this << "\n";
  }
  return *this << "}";
}

Write& Write::operator<<(const ast::LifecycleDecl& lifecycle) {
  *this << "lifecycle " << lifecycle.container << " {\n";
  for (const ast::LifecycleDecl::Entry& entry : lifecycle.entries) {
    *this << entry.event;
    if (entry.after) *this << " " << *entry.after;
    *this << " -> " << entry.then << ";\n";
  }
  return *this << "}";
}

}  // namespace bulkhead::format

#include "lang/format/write.h"

namespace bulkhead::format {
namespace {

/// The text of one body sentence, one function for each form.
class BodyText {
 public:
  explicit BodyText(Write& write) : write_(write) {}

  void operator()(const ast::ImageUse& s) {
    write_ << "image " << s.image;
    if (s.key) write_ << " signed by " << *s.key;
    write_ << ";";
  }
  void operator()(const ast::Rootfs& s) { write_ << "rootfs " << s.mode << ";"; }
  void operator()(const ast::MountUse& s) {
    write_ << "mount " << s.volume << " at " << s.target << (s.readonly ? " readonly;" : ";");
  }
  void operator()(const ast::UserSetting& s) { write_ << "user " << s.id << ";"; }
  void operator()(const ast::GroupSetting& s) { write_ << "group " << s.id << ";"; }
  void operator()(const ast::Namespaces& s) {
    write_ << "namespaces { ";
    for (const ast::NamespaceEntry& entry : s.entries) {
      write_.list(entry.kinds, ", ");
      write_ << ": " << entry.mode;
      if (entry.with) write_ << " " << *entry.with;
      write_ << "; ";
    }
    write_ << "}";
  }
  void action(const ast::SyscallAction& a) {
    write_ << a.name;
    if (a.value) write_ << " " << *a.value;
  }
  void operator()(const ast::SyscallsAllow& s) {
    write_ << "syscalls allow ";
    write_.list(s.sets, ", ");
    when(s.when);
  }
  void operator()(const ast::SyscallsDeny& s) {
    write_ << "syscalls deny ";
    write_.list(s.sets, ", ");
    if (s.action) {
      write_ << " with ";
      action(*s.action);
    }
    when(s.when);
  }
  void operator()(const ast::SyscallsDefault& s) {
    write_ << "syscalls default ";
    action(s.action);
    write_ << ";";
  }
  void operator()(const ast::Limits& s) { amounts("limits", s.amounts); }
  void operator()(const ast::Reserve& s) { amounts("reserve", s.amounts); }
  void operator()(const ast::Capacity& s) { amounts("capacity", s.amounts); }
  void operator()(const ast::LevelSetting& s) { write_ << "level " << s.level << ";"; }
  void operator()(const ast::Environment& s) {
    write_ << "environment ";
    write_.list(s.names, ", ");
    write_ << ";";
  }
  void operator()(const ast::Degrade& s) {
    write_ << "degrade ";
    for (std::size_t i = 0; i < s.entries.size(); ++i) {
      write_ << (i > 0 ? ", " : "") << s.entries[i].layer << ": " << s.entries[i].to;
    }
    write_ << ";";
  }
  void operator()(const ast::Capabilities& s) {
    write_ << "capabilities { ";
    write_.list(s.names, ", ");
    write_ << " }";
  }
  void operator()(const ast::Clearance& s) { write_ << "clearance " << s.label << ";"; }
  void operator()(const ast::AttributeSetting& s) { write_ << s.attribute << " " << s.value << ";"; }
  void operator()(const ast::Rule& s) { write_ << s; }
  void operator()(const ast::LabelSetting& s) { write_ << "label " << s.label << ";"; }
  void operator()(const ast::Delegation& s) { write_ << s; }
  void operator()(const ast::TakingBack& s) { write_ << s; }

 private:
  void when(const std::optional<ast::ExprId>& condition) {
    if (condition) write_ << " when " << *condition;
    write_ << ";";
  }
  void amounts(std::string_view keyword, const std::vector<ast::Amount>& all) {
    write_ << keyword << " { ";
    for (const ast::Amount& amount : all) write_ << amount << "; ";
    write_ << "}";
  }

  Write& write_;
};

}  // namespace

Write& Write::operator<<(const ast::Body& body) {
  *this << "{\n";
  for (const ast::BodySentence& sentence : body.sentences) {
    doc(sentence.doc);
    std::visit(BodyText(*this), sentence.form);
    *this << "\n";
  }
  return *this << "}";
}

}  // namespace bulkhead::format

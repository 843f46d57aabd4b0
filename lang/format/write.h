// Write: the words of the syntax tree as text, loosely spaced; layout sets them properly afterwards.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lang/ast/ast.h"

namespace bulkhead::format {

class Write {
 public:
  explicit Write(const ast::Module& module) : module_(module) {}

  Write& operator<<(std::string_view text);
  Write& operator<<(const ast::Name& name);
  Write& operator<<(const ast::Path& path);
  Write& operator<<(const ast::String& string);
  Write& operator<<(const ast::Number& number);
  Write& operator<<(const ast::FilePattern& pattern);
  Write& operator<<(const ast::NetPattern& pattern);
  Write& operator<<(const ast::ObjectItem& item);
  Write& operator<<(const ast::Objects& objects);
  Write& operator<<(const ast::SubjectRef& subject);
  Write& operator<<(const ast::Binder& binder);
  Write& operator<<(const ast::Rule& rule);
  Write& operator<<(const ast::Amount& amount);
  Write& operator<<(const ast::Body& body);
  Write& operator<<(ast::ExprId expr);
  Write& operator<<(const ast::Bindings& bindings);
  Write& operator<<(const ast::ModelDecl& model);
  Write& operator<<(const ast::VariantDecl& variant);
  Write& operator<<(const ast::ViewDecl& view);
  Write& operator<<(const ast::EnumDecl& decl);
  Write& operator<<(const ast::ProtocolDecl& protocol);
  Write& operator<<(const ast::ChannelDecl& channel);
  Write& operator<<(const ast::LifecycleDecl& lifecycle);
  Write& operator<<(const ast::Delegation& delegation);  // with `may` and its semicolon, as Rule
  Write& operator<<(const ast::TakingBack& taking);

  template <typename Item>
  Write& list(const std::vector<Item>& items, std::string_view separator) {
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (i > 0) *this << separator;
      *this << items[i];
    }
    return *this;
  }
  /// The lines of a doc comment.
  void doc(const ast::Doc& doc);
  const std::string& text() const { return text_; }

 private:
  const ast::Module& module_;
  std::string text_;
};

/// A condition as text. Brackets stand wherever an operator is an argument of another: nobody has to know which binds.
std::string condition(const ast::Module& module, ast::ExprId expr);

}  // namespace bulkhead::format

#include "lang/import/selinux/read.h"

#include "lang/import/selinux/parse.h"
#include "lang/import/selinux/resolve.h"

namespace bulkhead::selinux {

std::optional<Policy> read_policy(const source::SourceMap& sources, source::FileId file, diag::DiagnosticSink& sink) {
  const std::string& text = sources.text(file);
  if (text.size() > kMaxPolicyBytes) {
    const std::string limit = std::to_string(kMaxPolicyBytes >> 20) + " MiB";
    sink.report({diag::Code::SelinuxTooLarge, {file, 0, 0}, "the policy is larger than " + limit, {}, "", {}});
    return std::nullopt;
  }
  std::optional<Draft> draft = parse(text, file, sink);
  return draft ? resolve(std::move(*draft), file, sink) : std::nullopt;
}

}  // namespace bulkhead::selinux

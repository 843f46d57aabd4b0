// bulkhead explain: the page of a diagnostic code.
#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/terminal.h"
#include "lang/diag/diagnostic.h"

namespace bulkhead::cli {

int run_explain(const ExplainOptions& options) {
  std::string asked = options.code;  // as people type it
  for (char& c : asked) c = c == 'b' || c == 'h' ? static_cast<char>(c - 'a' + 'A') : c;
  const std::optional<diag::Code> code = diag::code_from(asked);
  if (!code) {
    return complain("there is no code `" + options.code + "`; codes look like BH3002 and stand in every message",
                    kBadInput);
  }
  const std::optional<std::string> page = diag::explain_page(*code);
  if (!page) return complain("`" + options.code + "` has no page", kInternal);
  return write_out(*page, "");
}

}  // namespace bulkhead::cli
